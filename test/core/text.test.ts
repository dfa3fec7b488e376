import { cleanLines, cleanText, listed, plural } from "../../functions/core/text";

test.each([
  ["a terminal escape", "\u001b[31mred", "[31mred"],
  ["line breaks", "a\nb\r\nc", "a b  c"],
  ["C1 controls and a turned direction", "a\u009bb\u202ec", "a b c"],
  ["an Arabic letter mark", "a\u061cb", "a b"],
  ["halves of characters", "a\ud800b\udc00", "a b"],
  ["other alphabets, which stay", "Größe 漢字", "Größe 漢字"],
])("text is cleaned of %s", (_, dirty, clean) => {
  expect(cleanText(dirty)).toBe(clean);
});

test("text is cut at its limit, and shows that it is", () => {
  expect(cleanText("a".repeat(300), 10)).toBe(`${"a".repeat(9)}…`);
});

test("no character is cut in half", () => {
  expect(cleanText("a💥💥", 4)).toBe("a💥…");
  expect(cleanText("a💥💥", 3)).toBe("a…");
});

test("text of several lines keeps them", () => {
  expect(cleanLines("a:\n  b\u001b[31m\r\n")).toBe("a:\n  b [31m \n");
});

test.each([
  [1, "1 peer"],
  [0, "0 peers"],
  [12_345, "12,345 peers"],
])("%d in words is %s", (count, words) => {
  expect(plural(count, "peer")).toBe(words);
});

test.each([
  [[], "none"],
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
  [["a", "b", "c", "d", "e", "f"], "a, b, c and 3 more"],
])("%p is listed as %s", (items, words) => {
  expect(listed(items, 3)).toBe(words);
});
