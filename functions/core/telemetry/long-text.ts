/** A text that many lines have at one place, as `ShortText` is, but long: compared eight bytes at a time, as doubles. */
const WORD = 8;
const LONGEST = 256;

export class LongText {
  /** In bytes; 0 where there is none to compare with. */
  length = 0;
  /** The last overlaps the one before. */
  private readonly words: Float64Array;

  /** Of up to so many bytes: a longer one is not compared with. */
  constructor(private readonly longest = LONGEST) {
    this.words = new Float64Array(Math.ceil(longest / WORD));
  }

  /** Whether it stands at `from`. Reads no more than a word past the first byte that differs. */
  isAt(view: DataView, from: number): boolean {
    if (this.length === 0) return false;
    const { words } = this;
    const last = (from + this.length - WORD) | 0;
    let word = 0;
    for (let at = from | 0; at < last; at = (at + WORD) | 0) {
      if (view.getFloat64(at, true) !== words[word]) return false;
      word = (word + 1) | 0;
    }
    return view.getFloat64(last, true) === words[word];
  }

  /** From now on it is what stands at `from`, if that is plain and can be compared in words: of 8 bytes or more. */
  become(view: DataView, from: number, length: number): void {
    this.length = 0;
    if (length < WORD || length > this.longest) return;
    const last = from + length - WORD;
    let word = 0;
    for (let at = from; ; at = Math.min(at + WORD, last)) {
      if (!isPlain(view, at)) return;
      this.words[word++] = view.getFloat64(at, true);
      if (at === last) break;
    }
    this.length = length;
  }
}

/** ASCII, and no four zeros: of such bytes, equal doubles are the same bytes. */
function isPlain(view: DataView, at: number): boolean {
  const low = view.getInt32(at, true);
  const high = view.getInt32(at + 4, true);
  return ((low | high) & 0x80808080) === 0 && low !== 0 && high !== 0;
}
