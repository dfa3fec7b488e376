/**
 * The body of an SQS message that S3 sent about new objects.
 * Source: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
import { z } from "zod";
import { cleanText } from "../text";

export interface ObjectLocation {
  readonly bucket: string;
  /** The key as the object has it, decoded. */
  readonly key: string;
}

const notification = z.object({
  Records: z.array(
    z.object({
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string().min(1) }),
      }),
    }),
  ),
});
const testEvent = z.object({ Event: z.literal("s3:TestEvent") });

/** The objects that a message names: none for the test event that S3 sends first. Throws on anything else. */
export function parseS3Notification(body: string): ObjectLocation[] {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch (cause) {
    throw new Error(`The message is no JSON: "${cleanText(body, 60)}". Only S3 should write to this queue`, {
      cause,
    });
  }
  if (testEvent.safeParse(message).success) return [];
  const parsed = notification.safeParse(message);
  if (!parsed.success) {
    throw new Error(
      `The message is no S3 event notification: "${cleanText(body, 60)}". Only S3 should write to this queue`,
    );
  }
  return parsed.data.Records.map(({ s3 }) => ({ bucket: s3.bucket.name, key: decodeKey(s3.object.key) }));
}

/** Keys come URL-encoded, with + for a space. One that does not decode is taken as it is. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

/** An object as evidence names it: `s3://bucket/key`, or the path in a telemetry folder, which has no bucket. */
export const objectRef = ({ bucket, key }: ObjectLocation): string =>
  cleanText(bucket === "" ? key : `s3://${bucket}/${key}`, 1200);
