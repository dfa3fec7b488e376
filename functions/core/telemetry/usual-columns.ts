/**
 * The columns from `srcaddr` to `log-status` in the order of AWS's default format, which most formats have behind the
 * interface id, whatever follows them. What follows the addresses is read here, one cell straight after the other, and only as
 * they look in nearly every record: a number of the usual size, ACCEPT or REJECT, OK. What looks otherwise is left to the
 * reader of any column.
 */
import type { Columns } from "./flow-log-columns";
import { EARLIEST_SECONDS, type FlowRecord, MOST_PORT, MOST_PROTOCOL } from "./flow-log-record";

const ORDER = [
  "source",
  "destination",
  "sourcePort",
  "destinationPort",
  "protocol",
  "packets",
  "bytes",
  "start",
  "end",
  "action",
  "logStatus",
] as const satisfies readonly (keyof Columns)[];

export const USUAL_COLUMNS = ORDER.length;

/** Which column is the first of them; -1 where they stand in another order. */
export const usualColumn = (columns: Columns): number =>
  ORDER.every((name, index) => columns[name] === columns.source + index) ? columns.source : -1;

const SPACE = 32;
const ZERO = 48;
const THREE = 51;
// Words of four letters, as numbers, and OK.
const ACCE = 0x45434341;
const EPT_ = 0x20545045;
const REJE = 0x454a4552;
const ECT_ = 0x20544345;
const OK = 0x4b4f;

// Numbers, by their place among the columns that are numbers.
const SOURCE_PORT = 0;
const DESTINATION_PORT = 1;
const PROTOCOL = 2;
const PACKETS = 3;
const BYTES = 4;
const START = 5;
const END = 6;
const NUMBERS = 7;
/** How many digits each may have; of the times, all have ten. */
const DIGITS = Int32Array.of(5, 5, 3, 9, 9, 10, 10);

export class UsualColumns {
  private readonly numbers = new Int32Array(NUMBERS);

  constructor(
    private readonly bytes: Uint8Array,
    private readonly view: DataView,
  ) {}

  /**
   * Fills `record` with the cells from `from` on, where the first behind the addresses begins, and gives where the last of
   * them seems to end: what stands there tells. 0 where one looks otherwise: then what the record holds means nothing.
   */
  read(from: number, record: FlowRecord): number {
    const numbers = this.readNumbers(from, record) | 0;
    return numbers === 0 ? 0 : this.readWords(numbers, record) | 0;
  }

  private readNumbers(from: number, record: FlowRecord): number {
    const { bytes, numbers } = this;
    let at = (from - 1) | 0;
    for (let place = 0; place < NUMBERS; place = (place + 1) | 0) {
      at = (at + 1) | 0;
      const begin = at;
      let value = 0;
      for (let digit = (bytes[at] as number) ^ ZERO; digit <= 9; digit = (bytes[at] as number) ^ ZERO) {
        value = (Math.imul(value, 10) + digit) | 0;
        at = (at + 1) | 0;
      }
      if (bytes[at] !== SPACE || at === begin || at - begin > (DIGITS[place] as number)) return 0;
      numbers[place] = value;
    }
    const start = numbers[START] as number;
    const end = numbers[END] as number;
    // Both have ten digits. Below 3,000,000,000 what does not fit into 32 bits becomes negative.
    if (start < EARLIEST_SECONDS || end < EARLIEST_SECONDS) return 0;
    if ((bytes[at - 10] as number) >= THREE || (bytes[at - 21] as number) >= THREE) return 0;
    if ((numbers[SOURCE_PORT] as number) > MOST_PORT || (numbers[DESTINATION_PORT] as number) > MOST_PORT)
      return 0;
    if ((numbers[PROTOCOL] as number) > MOST_PROTOCOL) return 0;
    record.sourcePort = numbers[SOURCE_PORT] as number;
    record.destinationPort = numbers[DESTINATION_PORT] as number;
    record.protocol = numbers[PROTOCOL] as number;
    record.packets = numbers[PACKETS] as number;
    record.bytes = numbers[BYTES] as number;
    record.start = start;
    record.end = end;
    return at;
  }

  private readWords(from: number, record: FlowRecord): number {
    const { view } = this;
    const action = view.getInt32(from + 1, true);
    const rest = view.getInt32(from + 4, true);
    record.rejected = action === REJE;
    if (record.rejected ? rest !== ECT_ : action !== ACCE || rest !== EPT_) return 0;
    return view.getUint16(from + 8, true) === OK ? (from + 10) | 0 : 0;
  }
}
