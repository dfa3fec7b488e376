import { awsRangesDownload } from "../../../functions/adapters/aws/aws-ranges-download";
import { AWS_RANGES_URL } from "../../../functions/core/attribution/aws-ranges";

const DOCUMENT = {
  syncToken: "1790812800",
  prefixes: [{ ip_prefix: "52.216.0.0/15", service: "S3", region: "us-east-1" }],
  ipv6_prefixes: [],
};

test("the ranges are read from where AWS publishes them, and from nowhere it might be sent to", async () => {
  const get = jest.fn(async () => new Response(JSON.stringify(DOCUMENT)));
  const { ranges, unreadable } = await awsRangesDownload(get).latest();
  expect([ranges.syncToken, ranges.blocks.length, unreadable]).toEqual(["1790812800", 1, 0]);
  expect(get).toHaveBeenCalledWith(
    AWS_RANGES_URL,
    expect.objectContaining({ redirect: "error", signal: expect.any(AbortSignal) }),
  );
});

const endless = () =>
  new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1_000_000)),
  });

test.each<[string, () => Promise<Response>, RegExp]>([
  [
    "there is no way to the internet",
    () => Promise.reject(new TypeError("fetch failed")),
    /fetch failed.*a way to the internet/,
  ],
  [
    "the answer is an error",
    async () => new Response("", { status: 503, statusText: "Slow Down" }),
    /503 Slow Down/,
  ],
  ["the answer is a page", async () => new Response("<html>"), /not valid JSON/],
  ["the answer is another document", async () => new Response("{}"), /no ip-ranges\.json/],
  ["the answer does not end", async () => new Response(endless()), /more than 20000000 bytes/],
])("an error says what happened where %s", async (_, get, message) => {
  const failure = awsRangesDownload(get as typeof fetch).latest();
  await expect(failure).rejects.toThrow(message);
  await expect(failure).rejects.toThrow(AWS_RANGES_URL);
});
