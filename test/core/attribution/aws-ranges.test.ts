import { type Address, parseAddress } from "../../../functions/core/address";
import { NO_AWS_RANGES, parseAwsRanges, publishedForm } from "../../../functions/core/attribution/aws-ranges";

const v4 = (ip_prefix: string, service: string, region = "us-east-1") => ({ ip_prefix, service, region });
const v6 = (ipv6_prefix: string, service: string, region = "us-east-1") => ({ ipv6_prefix, service, region });
const published = (prefixes: unknown[], ipv6_prefixes: unknown[] = []) => ({
  syncToken: "1790812800",
  createDate: "2026-10-01-00-00-00",
  prefixes,
  ipv6_prefixes,
});
const owner = (document: object, address: string) => {
  const block = parseAwsRanges(document).ranges.ownerOf(parseAddress(address) as Address);
  return block && `${block.service} ${block.region}`;
};

test.each<[string, unknown[], string, string | null]>([
  ["a service and its Region", [v4("52.216.0.0/15", "S3")], "52.217.9.9", "S3 us-east-1"],
  [
    "a service rather than the list of everything",
    [v4("52.216.0.0/15", "S3"), v4("52.216.1.0/24", "AMAZON")],
    "52.216.1.9",
    "S3 us-east-1",
  ],
  ["everything else as AMAZON", [v4("52.94.0.0/22", "AMAZON")], "52.94.1.1", "AMAZON us-east-1"],
  [
    "S3 where S3's block is listed under EC2, too",
    [v4("3.5.0.0/19", "AMAZON"), v4("3.5.0.0/19", "EC2"), v4("3.5.0.0/19", "S3")],
    "3.5.1.1",
    "S3 us-east-1",
  ],
  [
    "the most specific block",
    [v4("18.204.0.0/14", "EC2"), v4("18.206.107.24/29", "EC2_INSTANCE_CONNECT")],
    "18.206.107.25",
    "EC2_INSTANCE_CONNECT us-east-1",
  ],
  [
    "EC2 inside a block of another service",
    [v4("54.0.0.0/8", "CLOUDFRONT", "GLOBAL"), v4("54.1.0.0/16", "EC2")],
    "54.1.2.3",
    "EC2 us-east-1",
  ],
  [
    "the same one of two equal blocks in any order",
    [v4("1.2.3.0/24", "ROUTE53"), v4("1.2.3.0/24", "API_GATEWAY")],
    "1.2.3.4",
    "API_GATEWAY us-east-1",
  ],
  ["nobody outside", [v4("52.216.0.0/15", "S3")], "52.220.0.1", null],
])("names %s", (_, prefixes, address, expected) => {
  expect(owner(published(prefixes), address)).toBe(expected);
  expect(owner(published([...prefixes].reverse()), address)).toBe(expected);
});

test("names owners of IPv6", () => {
  const document = published(
    [],
    [v6("2600:1fa0:8000::/39", "S3", "us-west-2"), v6("2600:1f00::/24", "AMAZON", "us-west-2")],
  );
  expect(owner(document, "2600:1fa0:8000::1")).toBe("S3 us-west-2");
  expect(owner(document, "2600:1f18::1")).toBe("AMAZON us-west-2");
});

test("what is not readable, or absurd, is left out and counted", () => {
  const { ranges, unreadable } = parseAwsRanges(
    published(
      [
        v4("52.216.0.0/15", "S3"),
        v4("0.0.0.0/0", "S3"),
        v4("52.0.0.0/33", "S3"),
        v4("1.2.3.0/24", "S3 \u001b[31m"),
        v4("1.2.3.0/24", "S3", "../x"),
        null,
        7,
        {},
      ],
      [v6("::/0", "S3"), { ipv6_prefix: "x".repeat(1000), service: "S3", region: "us-east-1" }],
    ),
  );
  expect(ranges.blocks).toHaveLength(1);
  expect(unreadable).toBe(9);
});

test.each<[string, unknown, RegExp]>([
  ["no object", "<html>", /no ip-ranges\.json as AWS publishes it/],
  ["nothing", null, /no ip-ranges\.json/],
  ["another document", { Functions: [] }, /syncToken/],
  ["no list", { ...published([]), prefixes: {} }, /prefixes/],
  ["no readable entry", published([{ prefix: "1.2.3.0/24" }]), /none of its 1 entries/],
])("a document that is %s is refused with words", (_, document, message) => {
  expect(() => parseAwsRanges(document)).toThrow(message);
});

test("the form that is kept reads the same", () => {
  const document = published(
    [v4("52.216.0.0/15", "S3"), v4("52.94.0.0/22", "AMAZON")],
    [v6("2600:1fa0:8000::/39", "S3")],
  );
  const { ranges } = parseAwsRanges(document);
  const again = parseAwsRanges(JSON.parse(JSON.stringify(publishedForm(ranges)))).ranges;
  expect(again.blocks).toEqual(ranges.blocks);
  expect(again.syncToken).toBe("1790812800");
});

test("without ranges nobody is known", () => {
  expect(NO_AWS_RANGES.ownerOf(parseAddress("52.216.1.1") as Address)).toBeNull();
});
