from ocrportal.exporters.markup import escaped, legal_in_xml


def test_what_xml_cannot_hold_is_left_out_and_all_else_stays():
    assert legal_in_xml("a\x00\x08\x0b\x1b\ud800\udfff\ufffe\uffffb\t\n\r𠮷\u202eא") == (
        "ab\t\n\r𠮷\u202eא"
    )


def test_signs_of_markup_are_escaped_in_texts_and_in_quoted_values():
    assert escaped("<script a=\"1\" b='2'>&\x00") == (
        "&lt;script a=&quot;1&quot; b=&#x27;2&#x27;&gt;&amp;"
    )
