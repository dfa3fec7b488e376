/** Which operation of which service a signed HTTP request is, in the protocols of the services that Plumbline calls. */
import type { IncomingHttpHeaders } from "node:http";

export interface ApiOperation {
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** IAM's names where a service signs under another. */
const IAM_NAMES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** Source: smithy.io/2.0/aws/protocols */
export function apiOperation(http: HttpRequest): ApiOperation {
  const signedFor = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(http.headers.authorization ?? "")?.[1];
  const service = IAM_NAMES[signedFor ?? ""] ?? signedFor ?? "unsigned";
  return { service, ...operationOf(service, http) };
}

function operationOf(service: string, http: HttpRequest): Pick<ApiOperation, "operation" | "input"> {
  const { method, path, headers, body } = http;
  const url = new URL(path, "http://aws");
  const [, ...segments] = url.pathname.split("/").map(decodeURIComponent);
  if (service === "s3") return s3Operation(method, segments, url.searchParams);
  if (service === "lambda" && method === "GET" && /^\/[\d-]+\/functions\/?$/.test(url.pathname))
    return { operation: "ListFunctions", input: {} };
  // awsJson: the operation is in a header, the input is the body.
  const [, target] = /\.(\w+)$/.exec(String(headers["x-amz-target"] ?? "")) ?? [];
  if (target !== undefined) return { operation: target, input: JSON.parse(body.toString("utf8") || "{}") };
  // rpcv2Cbor: it is in the path.
  const [, inPath] = /\/operation\/(\w+)$/.exec(url.pathname) ?? [];
  if (inPath !== undefined) return { operation: inPath, input: {} };
  // awsQuery and ec2Query: everything is a form.
  const form = new URLSearchParams(body.toString("utf8"));
  return { operation: form.get("Action") ?? `${method} ${url.pathname}`, input: Object.fromEntries(form) };
}

function s3Operation(method: string, [Bucket, ...key]: string[], query: URLSearchParams) {
  const Key = key.join("/");
  if (Key === "" && query.has("list-type"))
    return { operation: "ListObjectsV2", input: { Bucket, Prefix: query.get("prefix") ?? "" } };
  const name = { GET: "GetObject", PUT: "PutObject", HEAD: "HeadObject", DELETE: "DeleteObject" }[method];
  return { operation: name ?? method, input: { Bucket, Key } };
}
