from ocrportal.markup import escaped, legal_in_xml


def test_characters_that_xml_forbids_are_removed():
    assert legal_in_xml("a\x00\x08\x0b\x1b\ud800\udfff\ufffe\uffffb\t\n\r𠮷\u202eא") == (
        "ab\t\n\r𠮷\u202eא"
    )


def test_markup_is_escaped_in_content_and_in_quoted_values():
    assert escaped("<script a=\"1\" b='2'>&\x00") == (
        "&lt;script a=&quot;1&quot; b=&#x27;2&#x27;&gt;&amp;"
    )
