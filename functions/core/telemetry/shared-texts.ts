/** Gives the same string for the same bytes, so that a record makes none: of what is told so, as of services, there is little. */
import { cleanText } from "../text";
import { ByteTable } from "./byte-table";

const MOST_TEXTS = 1_024;

export class SharedTexts {
  private readonly table = new ByteTable();
  private readonly texts: (string | null)[] = [];

  of(view: DataView, from: number, to: number): string | null {
    const known = this.table.find(view, from, to);
    if (known >= 0) return this.texts[known] as string | null;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + from, to - from);
    const text = cleanText(new TextDecoder().decode(bytes), 64) || null;
    if (this.table.size < MOST_TEXTS) {
      this.table.add(bytes);
      this.texts.push(text);
    }
    return text;
  }
}
