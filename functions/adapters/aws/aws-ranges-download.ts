import { AWS_RANGES_URL, parseAwsRanges } from "../../core/attribution/aws-ranges";
import type { AwsRangesPublication } from "../ports";

const TIMEOUT = 15_000;
/** In 2026 it has some 2 MB. */
const MOST_BYTES = 20_000_000;

/** Reads AWS's ranges from where AWS publishes them. `get` is for tests. */
export function awsRangesDownload(get: typeof fetch = fetch): AwsRangesPublication {
  return {
    async latest() {
      try {
        const answer = await get(AWS_RANGES_URL, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT) });
        if (!answer.ok) throw new Error(`the answer is ${answer.status} ${answer.statusText}`);
        return parseAwsRanges(JSON.parse(await textOf(answer)));
      } catch (cause) {
        throw new Error(
          `${AWS_RANGES_URL} cannot be read (${cause instanceof Error ? cause.message : String(cause)}). The function needs a way to the internet for it; without, AWS's addresses are told by pkt-dst-aws-service only`,
          { cause },
        );
      }
    },
  };
}

/** Reads no more than is believed, whatever the answer says of its length. */
async function textOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
