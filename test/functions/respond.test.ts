import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type Answer, respondHandler } from "../../functions/respond";
import { containedAccount } from "../support/contained-account";
import { beacon, policyOf } from "../support/containment";
import { silent as log } from "../support/log";

function deployed() {
  const account = containedAccount(policyOf());
  for (const address of ["203.0.113.7", "203.0.113.8"]) {
    const finding = beacon(address);
    account.findings.set(finding.id, finding);
  }
  return { account, handle: (event: unknown) => respondHandler(account.responder(), log)(event) };
}
const alerts = (...bodies: string[]) =>
  ({ Records: bodies.map((body, i) => ({ messageId: `m${i}`, body })) }) as SQSEvent;
const { id } = beacon("203.0.113.7");

test("an alert is answered, and one that cannot be read is told to the queue", async () => {
  const { account, handle } = deployed();
  const answer = (await handle(alerts("no JSON", JSON.stringify({ id }), "{}"))) as SQSBatchResponse;
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "m0" }, { itemIdentifier: "m2" }]);
  expect(account.blocks.size).toBe(1);
});

test("of an alert only its id is believed: severity and address are read from the table", async () => {
  const { account, handle } = deployed();
  await handle(alerts(JSON.stringify({ ...beacon("198.51.100.1", { severity: "critical" }), id })));
  expect([...account.blocks.values()].map(({ target }) => target)).toEqual(["203.0.113.7/32"]);
});

test("an alert of a finding that is not there is nothing", async () => {
  const { account, handle } = deployed();
  expect(await handle(alerts(JSON.stringify({ id: "gone" })))).toEqual({ batchItemFailures: [] });
  expect(account.blocks.size).toBe(0);
});

test("a person asks, lists and undoes", async () => {
  const { account, handle } = deployed();
  const by = "arn:aws:iam::111122223333:user/eve";
  const asked = (await handle({
    ask: "contain",
    findingId: id,
    action: "networkAcl",
    mode: "enforce",
    hours: 2,
    isConfirmed: false,
    by,
  })) as Extract<Answer, { finding: unknown }>;
  expect(asked.finding.containment).toMatchObject({ refused: null, until: "2026-10-01T02:00:00Z" });
  const list = (await handle({ ask: "list" })) as Extract<Answer, { blocks: unknown }>;
  expect(list.blocks.map(({ audit }) => audit[0]?.by)).toEqual([by]);
  await handle({ ask: "undo", id: list.blocks[0]?.id, by });
  expect(account.entries).toHaveLength(2);
});

test("the schedule holds what is there against the table", async () => {
  const { account, handle } = deployed();
  await handle(alerts(JSON.stringify({ id })));
  account.entries.splice(2);
  expect(await handle({ source: "aws.events" })).toBeUndefined();
  expect(account.entries).toHaveLength(4);
});

test.each([
  [
    "an action that is none",
    { ask: "contain", findingId: id, action: "all", mode: "enforce", isConfirmed: true, by: "eve" },
  ],
  [
    "a time without end",
    {
      ask: "contain",
      findingId: id,
      action: "networkAcl",
      mode: "enforce",
      hours: 1e9,
      isConfirmed: true,
      by: "eve",
    },
  ],
  ["nobody", { ask: "undo", id: "x" }],
])("what is asked with %s is refused", async (_, event) => {
  await expect(deployed().handle(event)).rejects.toThrow();
});
