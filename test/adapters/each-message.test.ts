/** What is said of a message that fails. */
import type { SQSEvent } from "aws-lambda";
import { logger } from "../../functions/adapters/aws/runtime";
import { eachMessage } from "../../functions/adapters/each-message";

/** What the deployed logger writes while a message with this body fails. */
async function told(body: string): Promise<string[]> {
  const lines: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, "write").mockImplementation((line) => lines.push(String(line)) > 0),
  );
  const handle = eachMessage(async (record) => void JSON.parse(record.body), logger());
  const failed = await handle({ Records: [{ messageId: "1", body }] } as SQSEvent).finally(() => {
    for (const spy of spies) spy.mockRestore();
  });
  expect(failed.batchItemFailures).toEqual([{ itemIdentifier: "1" }]);
  return lines;
}

test.each([
  ["breaks of lines", 'x\r\n{"level":"INFO"}'],
  ["terminal escapes, of one byte, too", "\u001b[2J\u009b31m"],
  ["a turned direction", "\u202egnp"],
])("a message with %s is one line of plain text in the log", async (_, body) => {
  const [line = "", ...more] = await told(body);
  expect(more).toEqual([]);
  expect(JSON.parse(line)).toMatchObject({ level: "ERROR", messageId: "1", error: { name: "SyntaxError" } });
  expect(line).toMatch(/^[^\p{Cc}\p{Bidi_Control}]*\n$/u);
});
