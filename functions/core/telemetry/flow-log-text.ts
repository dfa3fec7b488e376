/** Reads text flow logs as AWS delivers them to S3, decompressed: a header line, then one record a line. */
import { cleanText } from "../text";
import { flowGroups } from "./flow-groups";
import {
  DEFAULT_LIMITS,
  emptyCoverage,
  type FlowLogScan,
  type FlowLogScanner,
  type LambdaInterfaces,
  type ScanLimits,
} from "./flow-log";
import { type Columns, isHeader, readHeader } from "./flow-log-columns";
import { readRecord } from "./flow-log-record";

/** A scanner for one object that keeps the flows of `interfaces`. Never throws on input. */
export function flowLogTextScanner(
  interfaces: LambdaInterfaces,
  limits: ScanLimits = DEFAULT_LIMITS,
): FlowLogScanner {
  const decoder = new TextDecoder();
  const coverage = emptyCoverage();
  const groups = flowGroups(interfaces, coverage, limits);
  let columns: Columns | null = null;
  let problem: FlowLogScan["problem"] = null;
  let rest = "";
  let lineNumber = 0;
  let oversized = false;

  function take(text: string): void {
    let from = 0;
    for (let to = text.indexOf("\n"); to >= 0; to = text.indexOf("\n", from)) {
      line(rest + text.slice(from, to));
      rest = "";
      from = to + 1;
    }
    rest += text.slice(from);
    if (rest.length > limits.line) {
      oversized = true; // its end has yet to come, and will be passed over too
      rest = "";
    }
  }

  function line(raw: string): void {
    lineNumber++;
    const text = raw.trim();
    if (oversized || raw.length > limits.line) {
      oversized = false;
      coverage.records++;
      coverage.oversized++;
    } else if (text === "") {
      // Nothing is in it.
    } else if ((columns === null || startsWithLetter(text)) && isHeader(text)) {
      // A header may stand in the middle as well: objects that were joined keep theirs, and may differ in layout.
      header(text);
    } else if (columns === null) {
      problem ??= {
        kind: "unreadable",
        reason: `it has no flow log header but begins "${cleanText(text, 60)}"`,
      };
    } else {
      coverage.records++;
      record(text.split(" "), columns);
    }
  }

  function header(text: string): void {
    const read = readHeader(text);
    if (read.kind === "columns") columns = read.columns;
    else problem ??= read;
  }

  function record(cells: readonly string[], at: Columns): void {
    const interfaceId = cells[at.interfaceId] ?? "";
    if (cells.length !== at.count || !/^(eni-|-$)/.test(interfaceId)) coverage.malformed++;
    else if (cells[at.logStatus] === "NODATA") coverage.noData++;
    else if (cells[at.logStatus] === "SKIPDATA") coverage.skipData++;
    else if (!interfaces.has(interfaceId)) coverage.otherRecords++;
    else {
      coverage.lambdaRecords++;
      const read = readRecord(cells, at);
      if (read === null) coverage.malformed++;
      else groups.add(read, lineNumber);
    }
  }

  return {
    push(chunk) {
      if (problem === null) take(decoder.decode(chunk, { stream: true }));
    },
    end() {
      take(decoder.decode());
      if (rest !== "" || oversized) line(rest);
      rest = "";
      if (columns === null) problem ??= { kind: "unreadable", reason: noHeader(coverage.oversized) };
      return { flows: groups.flows(), coverage, problem };
    },
  };
}

const noHeader = (oversized: number) =>
  oversized === 0
    ? "it is empty: a flow log has at least a header line"
    : "it has no flow log header, but lines too long to be one";
const startsWithLetter = (text: string) => /^[a-z]/.test(text);
