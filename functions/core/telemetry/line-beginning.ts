/**
 * How a line begins, up to its interface id. In the default format a version and an account come first, so that nearly all
 * lines of an object begin alike, and their ids stand at the same place. Compared in four words, which overlap where it is
 * shorter.
 */
const WORD = 4;
const LONGEST = 4 * WORD;

export class LineBeginning {
  /** In bytes; 0 where there is none to compare with. */
  length = 0;
  private first = 0;
  private second = 0;
  private third = 0;
  private last = 0;

  /** Whether the line that stands at `from` begins so. Reads up to sixteen bytes. */
  isAt(view: DataView, from: number): boolean {
    const last = (from + this.length - WORD) | 0;
    return (
      this.length > 0 &&
      view.getInt32(last, true) === this.last &&
      view.getInt32(from, true) === this.first &&
      view.getInt32(Math.min(from + WORD, last), true) === this.second &&
      view.getInt32(Math.min(from + 2 * WORD, last), true) === this.third
    );
  }

  /** From now on it is the one of the line that stands at `from`, if it can be compared in words. */
  become(view: DataView, from: number, length: number): void {
    this.length = length >= WORD && length <= LONGEST ? length : 0;
    if (this.length === 0) return;
    const last = from + this.length - WORD;
    this.first = view.getInt32(from, true);
    this.second = view.getInt32(Math.min(from + WORD, last), true);
    this.third = view.getInt32(Math.min(from + 2 * WORD, last), true);
    this.last = view.getInt32(last, true);
  }
}
