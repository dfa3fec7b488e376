/** What goes wrong is set aside and told, and nothing is lost. */
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { leaveAlertBehind } from "../support/past";
import { plainPath } from "../support/story";
import type { Detected } from "./detection";
import { equal } from "./equal";
import { arrivedAt, findingsIn, idsOf, invoke } from "./outcome";
import { DEAD_LETTERS, messagesIn } from "./queues";
import { eventually } from "./waiting";
import { tablesOf, type World } from "./world";

export async function trouble(world: World, { findings, everything }: Detected): Promise<void> {
  const { say, clients, deployment, now } = world;
  const [first] = findings;

  await say("An alert that an outage left behind is published by the sweep, once", async () => {
    await leaveAlertBehind(tablesOf(world), first?.id ?? "", now - 600);
    await invoke(world, "AlertSweep/Function");
    await invoke(world, "AlertSweep/Function");
    equal(
      (await arrivedAt(everything, 1)).map(({ id }) => id),
      [first?.id],
    );
  });

  await say("A flow log that is damaged ends in its dead-letter queue, and is named there", async () => {
    await hasten(world, "FlowLogQueue/Queue");
    const Key = plainPath(now - 60);
    const Body = Buffer.from("1f8b0800not gzip", "latin1");
    await clients.s3.send(new PutObjectCommand({ Bucket: deployment.of("FlowLogSource/Bucket"), Key, Body }));
    const body = await deadLetter(world, "FlowLogQueue/DeadLetters");
    equal(JSON.parse(body).Records[0].s3.object.key.split("/").at(-1), Key.split("/").at(-1));
  });
  await say("A message that is no event of CloudTrail ends in its dead-letter queue", async () => {
    await hasten(world, "TrailQueue/Queue");
    const message = { QueueUrl: deployment.of("TrailQueue/Queue"), MessageBody: "no event" };
    await clients.sqs.send(new SendMessageCommand(message));
    equal(await deadLetter(world, "TrailQueue/DeadLetters"), "no event");
  });
  await say("Nothing but these two was set aside, and the findings are as they were", async () => {
    equal(await Promise.all(DEAD_LETTERS.map((path) => messagesIn(world, path))), [1, 0, 1, 0]);
    equal(idsOf(await findingsIn(world)), idsOf(findings));
  });
  await say("There is an alarm on each dead-letter queue, and each tells the topic", async () => {
    const { MetricAlarms = [] } = await clients.cloudWatch.send(new DescribeAlarmsCommand({}));
    const ofQueues = MetricAlarms.filter(
      ({ MetricName }) => MetricName === "ApproximateNumberOfMessagesVisible",
    );
    const names = ofQueues.map(({ Dimensions }) => Dimensions?.[0]?.Value).sort();
    equal(names, DEAD_LETTERS.map((path) => deployment.of(path).split("/").at(-1)).sort());
    const actions = new Set(MetricAlarms.flatMap(({ AlarmActions }) => AlarmActions));
    equal([...actions], [deployment.of("Alerts/Topic")]);
  });
}

/** A message that failed comes again after the visibility timeout, half an hour: here after a second. */
const hasten = ({ clients, deployment }: World, path: string) =>
  clients.sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: deployment.of(path),
      Attributes: { VisibilityTimeout: "1" },
    }),
  );

/** The first message that is set aside. It stays in the queue. */
const deadLetter = ({ clients, deployment }: World, path: string): Promise<string> =>
  eventually(`a message in ${path}`, 90, async () => {
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deployment.of(path), VisibilityTimeout: 0 }),
    );
    return Messages[0]?.Body ?? null;
  });
