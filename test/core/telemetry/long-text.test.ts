/** Which texts are known again. */
import { LongText } from "../../../functions/core/telemetry/long-text";

const view = (text: string) =>
  new DataView(Uint8Array.of(...Buffer.from(text, "latin1"), ...new Uint8Array(8)).buffer);

/** Whether `now` is known where `before` stood. */
function isKnown(before: string, now: string): boolean {
  const text = new LongText();
  text.become(view(before), 0, before.length);
  return text.isAt(view(now), 0);
}

const usual = " vpc-1 3 egress S3\n";

test.each([
  ["the same", usual, usual],
  ["the same, of the least length", " 3 2 S3\n", " 3 2 S3\n"],
  ["the same, of the greatest length", `${" 1".repeat(127)}1\n`, `${" 1".repeat(127)}1\n`],
  ["the same, with a record behind it", usual, `${usual}2 111122223333`],
])("%s is known again", (_, before, now) => {
  expect(isKnown(before, now)).toBe(true);
});

test.each([
  ["one that begins otherwise", usual, usual.replace("vpc-1", "vpc-2")],
  ["one that ends otherwise", usual, usual.replace("S3", "S4")],
  ["one that goes on", usual, usual.replace("\n", " 1\n")],
  ["one that ends early", usual, usual.replace(" S3\n", "\n")],
  ["one of less than a word", " 3 2 S\n", " 3 2 S\n"],
  ["one that is too long", `${" 1".repeat(128)}\n`, `${" 1".repeat(128)}\n`],
  ["one with zeros, which as numbers equal others", `${"\0".repeat(8)} 1\n`, `${"\0".repeat(7)}\x80 1\n`],
  ["one with zeros at its end", ` 123456789${"\0".repeat(8)}`, ` 123456789${"\0".repeat(7)}\x80`],
  ["one with what is not ASCII", " Größe 1\n", " Größe 1\n"],
])("%s is not", (_, before, now) => {
  expect(isKnown(before, now)).toBe(false);
});

test("a text is known until there is another", () => {
  const text = new LongText();
  expect(text.isAt(view(usual), 0)).toBe(false);
  text.become(view(usual), 0, usual.length);
  text.become(view(usual), 0, 3);
  expect(text.isAt(view(usual), 0)).toBe(false);
});
