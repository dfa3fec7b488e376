/**
 * The bucket and the folder that `s3://bucket/prefix` means. A prefix is a folder, with or without its slash: `lists`
 * does not mean `lists-of-friends`.
 */
export function bucketAndPrefix(location: string): { bucket: string; prefix: string } {
  const [, bucket, path = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(location) ?? [];
  if (bucket === undefined) throw new Error(`"${location}" is no place in S3: it must be s3://bucket/prefix`);
  const folder = path.replace(/\/+$/, "");
  return { bucket, prefix: folder === "" ? "" : `${folder}/` };
}
