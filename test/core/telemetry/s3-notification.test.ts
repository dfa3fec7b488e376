import { objectRef, parseS3Notification } from "../../../functions/core/telemetry/s3-notification";

const record = (key: string, bucket = "logs") => ({ s3: { bucket: { name: bucket }, object: { key } } });
const body = (...keys: string[]) => JSON.stringify({ Records: keys.map((key) => record(key)) });

test.each([
  ["a plain key", "AWSLogs/1/vpcflowlogs/a.log.gz", "AWSLogs/1/vpcflowlogs/a.log.gz"],
  ["a Hive key", "AWSLogs/aws-account-id%3D1111/a.log.gz", "AWSLogs/aws-account-id=1111/a.log.gz"],
  ["a space as plus and a plus as %2B", "a+b%2Bc", "a b+c"],
  ["a key that does not decode, as it is", "100%zz", "100%zz"],
])("%s is decoded", (_, key, decoded) => {
  expect(parseS3Notification(body(key))).toEqual([{ bucket: "logs", key: decoded }]);
});

test("a message may name several objects", () => {
  expect(parseS3Notification(body("a", "b")).map(({ key }) => key)).toEqual(["a", "b"]);
});

test("the test event that S3 sends first names none", () => {
  expect(parseS3Notification('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs"}')).toEqual([]);
});

test.each(["", "no json\u001b[2J", "{}", "null", '{"Records":[{"s3":{}}]}'])(
  "%p is refused with a message that shows it",
  (message) => {
    expect(() => parseS3Notification(message)).toThrow(/^The message is no .*Only S3 should write/);
  },
);

test.each([
  [{ bucket: "logs", key: "AWSLogs/a" }, "s3://logs/AWSLogs/a"],
  [{ bucket: "", key: "AWSLogs/a" }, "AWSLogs/a"],
])("%p is cited as %s", (location, ref) => {
  expect(objectRef(location)).toBe(ref);
});
