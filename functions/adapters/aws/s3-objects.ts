import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { TelemetryObjects } from "../ports";

export function s3Objects(client: S3Client): TelemetryObjects {
  return {
    async open({ bucket, key }) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if (Body === undefined) throw new Error("the answer has no body");
        return Body as unknown as AsyncIterable<Uint8Array>;
      } catch (cause) {
        const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
        throw new Error(
          `s3://${bucket}/${key} cannot be read (${reason}). The function needs s3:GetObject on it, and kms:Decrypt if the bucket has its own key`,
          { cause },
        );
      }
    },
  };
}
