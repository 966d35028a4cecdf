// The truth of a generated document, read from the page: see truth.py for its parts.
// Called with the pixels of the picture per CSS pixel; returns a list of pages.
(scale) => {
  const MIN_OVERLAP = 0.3; // of the smaller character, for two on the same line
  const TYPE_HEIGHT = 1.1; // of a line's box in ems: fonts report up to 1.45, with much space

  // Blocks that do not fit are removed, and then a heading with nothing below it.
  const fit = (box) => {
    const overflows = () =>
      box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
    while (overflows() && box.lastElementChild) box.lastElementChild.remove();
    while (box.lastElementChild?.dataset.kind === "heading") box.lastElementChild.remove();
  };

  const isVertical = (element) => getComputedStyle(element).writingMode.startsWith("vertical");

  // A rectangle of a character, as high as its type.
  const trimmed = (rect, element) => {
    const size = parseFloat(getComputedStyle(element).fontSize) * TYPE_HEIGHT;
    const { left, top, right, bottom } = rect;
    if (isVertical(element)) {
      const cut = Math.max(0, (right - left - size) / 2);
      return [left + cut, top, right - cut, bottom];
    }
    const cut = Math.max(0, (bottom - top - size) / 2);
    return [left, top + cut, right, bottom - cut];
  };

  const plain = ({ left, top, right, bottom }) => [left, top, right, bottom];

  // The characters of an element in DOM order, without those of blocks within it.
  function* atoms(element) {
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        let at = 0;
        for (const char of node.data) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, (at += char.length));
          const rect = [...range.getClientRects()].find((r) => r.width > 0 && r.height > 0);
          const box = rect && trimmed(rect, element);
          yield { char, box, element };
        }
      } else if (node.nodeType !== Node.ELEMENT_NODE || node.dataset.kind) {
        continue;
      } else if (node.tagName === "BR") {
        yield { char: "\n", box: null, element };
      } else if (node.dataset.glyph) {
        yield { char: node.dataset.glyph, box: plain(node.getBoundingClientRect()), element };
      } else {
        yield* atoms(node);
      }
    }
  }

  const overlap = (a0, a1, b0, b1) =>
    (Math.min(a1, b1) - Math.max(a0, b0)) / Math.max(0.1, Math.min(a1 - a0, b1 - b0));

  const onLine = (line, box, vertical) => {
    const [left, top, right, bottom] = line;
    return vertical
      ? overlap(left, right, box[0], box[2]) > MIN_OVERLAP && box[1] > bottom - (right - left) / 2
      : overlap(top, bottom, box[1], box[3]) > MIN_OVERLAP && box[0] > right - (bottom - top) / 2;
  };

  const styleOf = (element) => {
    const style = getComputedStyle(element);
    return {
      font: style.fontFamily.split(",")[0].replaceAll('"', ""),
      size: parseFloat(style.fontSize) * scale,
      bold: Number(style.fontWeight) >= 600,
      italic: style.fontStyle !== "normal",
      underline: style.textDecorationLine.includes("underline"),
      colour: "#" + style.color.match(/\d+/g).slice(0, 3)
        .map((part) => Number(part).toString(16).padStart(2, "0")).join(""),
    };
  };

  const scaled = (box) => box.map((edge) => Math.round(edge * scale * 100) / 100);
  const union = (boxes) => [
    Math.min(...boxes.map((b) => b[0])), Math.min(...boxes.map((b) => b[1])),
    Math.max(...boxes.map((b) => b[2])), Math.max(...boxes.map((b) => b[3])),
  ];

  // The text of an element, its printed lines, and its runs of one style.
  const textOf = (element, place) => {
    const vertical = isVertical(element);
    const lines = [];
    const runs = [];
    let text = "";
    let broken = true;
    for (const { char, box, element: parent } of atoms(element)) {
      if (char === "\u00ad") {
        if (box) lines.at(-1).text += "-"; // a soft hyphen shows only at the end of a line
        continue;
      }
      if (/[\s\u200b]/.test(char) && char !== "\u3000") {
        if (char === "\u200b") continue;
        if (char === "\n" && box === null && text) text = text.trimEnd() + "\n";
        else if (text && !/\s$/.test(text)) text += " ";
        if (runs.length && !/\s$/.test(runs.at(-1).text)) runs.at(-1).text += " ";
        if (lines.length && !lines.at(-1).text.endsWith(" ")) lines.at(-1).text += " ";
        broken = broken || char === "\n" && box === null;
        continue;
      }
      if (!box) continue; // not displayed
      text += char;
      const style = styleOf(parent);
      if (JSON.stringify(runs.at(-1)?.style) === JSON.stringify(style)) runs.at(-1).text += char;
      else runs.push({ text: char, style });
      const line = lines.at(-1);
      if (line && !broken && onLine(line.last, box, vertical)) {
        line.text += char;
        line.box = union([line.box, box]);
        // A drop cap is as high as several lines: the next character decides for them.
        line.last = line.text.length < 3 ? box : union([line.last, box]);
      } else {
        lines.push({ text: char, box, last: box });
      }
      broken = false;
    }
    return {
      text: text.trim(),
      lines: lines.map((line) => ({ text: line.text.trim(), box: scaled(place(line.box)) })),
      runs,
    };
  };

  const tableOf = (element, place) => {
    const taken = new Set();
    const cells = [];
    const rows = [...element.querySelectorAll("tr")];
    rows.forEach((row, number) => {
      let column = 0;
      for (const cell of row.querySelectorAll("td, th")) {
        while (taken.has(`${number},${column}`)) column += 1;
        for (let i = 0; i < cell.rowSpan; i += 1)
          for (let k = 0; k < cell.colSpan; k += 1) taken.add(`${number + i},${column + k}`);
        const { text, lines } = textOf(cell, place);
        cells.push({
          text, lines, row: number, column, row_span: cell.rowSpan, column_span: cell.colSpan,
          box: scaled(place(plain(cell.getBoundingClientRect()))),
        });
      }
    });
    // Columns of the HTML in which no cell begins are only measures.
    const starts = [...new Set(cells.map((cell) => cell.column))].sort((a, b) => a - b);
    const index = (column) => starts.filter((start) => start < column).length;
    for (const cell of cells) {
      const end = index(cell.column + cell.column_span);
      cell.column = index(cell.column);
      cell.column_span = end - cell.column;
    }
    const repeated = rows.filter((row) => "repeated" in row.dataset).length;
    const divided = rows.some((row) => "divided" in row.dataset);
    return {
      rows: rows.length, columns: starts.length, cells, repeated_rows: repeated,
      continues_row: divided,
    };
  };

  const rowsOf = ({ rows, cells, repeated_rows }) =>
    [...Array(rows).keys()].slice(repeated_rows)
      .map((row) => cells.filter((cell) => cell.row === row));

  const groupOf = (element, name) => {
    const group = element.closest(`[data-${name}]`);
    return group ? [...document.querySelectorAll(`[data-${name}]`)].indexOf(group) : null;
  };

  const blockOf = (element, place) => {
    const isTable = element.dataset.kind === "table";
    const table = isTable ? tableOf(element, place) : null;
    const { text, lines, runs } = isTable
      ? {
          text: rowsOf(table).map((row) => row.map((cell) => cell.text).join("\t")).join("\n"),
          lines: table.cells.flatMap((cell) => cell.lines),
          runs: [],
        }
      : textOf(element, place);
    const align = getComputedStyle(element).textAlign;
    const outline = scaled(place(plain(element.getBoundingClientRect())));
    return {
      kind: element.dataset.kind,
      level: Number(element.dataset.level ?? 0),
      text, lines, runs, table,
      box: isTable || !lines.length ? outline : union(lines.map((line) => line.box)),
      align: { start: "left", end: "right" }[align] ?? align,
      vertical: isVertical(element),
      aside: groupOf(element, "aside"),
      either: groupOf(element, "either"),
      optional: "optional" in element.dataset,
      continues: "continues" in element.dataset,
    };
  };

  document.querySelectorAll("[data-fit]").forEach(fit);
  return [...document.querySelectorAll("section.page")].map((sheet) => {
    const origin = sheet.getBoundingClientRect();
    const place = ([left, top, right, bottom]) => [
      left - origin.left, top - origin.top, right - origin.left, bottom - origin.top,
    ];
    return {
      width: Math.round(origin.width * scale),
      height: Math.round(origin.height * scale),
      blocks: [...sheet.querySelectorAll("[data-kind]")].map((block) => blockOf(block, place)),
      regions: [...sheet.querySelectorAll("[data-region]")].map((region) => ({
        kind: region.dataset.region,
        box: scaled(place(plain(region.getBoundingClientRect()))),
        state: region.dataset.state ?? "",
        text: region.dataset.text ?? "",
      })),
    };
  });
};
