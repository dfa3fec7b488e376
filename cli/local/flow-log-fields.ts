import { createReadStream } from "node:fs";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { decompressed } from "../../functions/adapters/gunzip";
import { isHeader } from "../../functions/core/telemetry/flow-log-columns";

/** As long as a line of a flow log may be. */
const LONGEST_HEADER = 65_536;

/** The fields of a flow log object, with dashes; `null` where it does not begin with a header. Rejects where it cannot be read. */
export async function flowLogFields(path: string): Promise<string[] | null> {
  const header = path.endsWith(".parquet") ? await parquetColumns(path) : await firstLine(path);
  return isHeader(header) ? header.replaceAll("_", "-").split(" ") : null;
}

async function parquetColumns(path: string): Promise<string> {
  const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  return schema
    .slice(1)
    .map(({ name }) => name)
    .join(" ");
}

async function firstLine(path: string): Promise<string> {
  const file = createReadStream(path);
  try {
    let text = "";
    for await (const chunk of await decompressed(file)) {
      text += Buffer.from(chunk).toString("latin1", 0, LONGEST_HEADER);
      const end = text.indexOf("\n");
      if (end >= 0) return text.slice(0, end).trimEnd();
      if (text.length > LONGEST_HEADER) break;
    }
    return text.trimEnd();
  } finally {
    file.destroy();
  }
}
