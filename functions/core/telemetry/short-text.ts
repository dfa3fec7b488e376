/** A text that many lines have at one place: compared in four words, which overlap where it is shorter. */
const WORD = 4;
const LONGEST = 4 * WORD;

export class ShortText {
  /** In bytes; 0 where there is none to compare with. */
  length = 0;
  private first = 0;
  private second = 0;
  private third = 0;
  private last = 0;

  /** Whether it stands at `from`. Reads up to sixteen bytes. */
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

  /** From now on it is what stands at `from`, if that can be compared in words: of 4 to 16 bytes. */
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
