/** Flow logs: whether connections are seen, and how much of them. */
import { functionNameOf } from "../../../functions/core/attribution/snapshot";
import { groupBy } from "../../../functions/core/group";
import { listed } from "../../../functions/core/text";
import { check, type Remark } from "../check";
import type { Facts, FlowLog } from "../facts";

const ANEW = "A flow log cannot be changed: make another one, then delete this one.";

/** Whether a flow log tells of an interface. */
const covers = (log: FlowLog, { interfaceId, subnetId, vpcId }: Facts["account"]["interfaces"][number]) =>
  [interfaceId, subnetId, vpcId].includes(log.resourceId);

/** Remarks on each flow log that tells of Lambda's interfaces in the bucket that is read; `null` where none does. */
function remarksOnEach(
  { account, flowLogs, bucket }: Pick<Facts, "account" | "flowLogs" | "bucket">,
  remarkOn: (log: FlowLog) => Remark | null,
): Remark[] | null {
  const used = flowLogs.filter(
    (log) => log.bucket === bucket && account.interfaces.some((one) => covers(log, one)),
  );
  return used.length === 0 ? null : used.map(remarkOn).filter((remark) => remark !== null);
}

const flowLogs = check({
  id: "flow-logs",
  needs: ["account", "flowLogs", "bucket"],
  fine: "Every VPC in which a function has an interface has a flow log in the bucket that is read.",
  look({ account, flowLogs, bucket }) {
    const unseen = account.interfaces.filter(
      (one) => !flowLogs.some((log) => log.bucket === bucket && covers(log, one)),
    );
    return [...groupBy(unseen, ({ vpcId }) => vpcId)].map(([vpcId, interfaces]) => {
      const functions = new Set(interfaces.flatMap(({ candidates }) => candidates.map(functionNameOf)));
      const elsewhere = flowLogs.find((log) => interfaces.some((one) => covers(log, one)));
      const where =
        elsewhere === undefined
          ? "has no flow log of it"
          : `has a flow log (${elsewhere.id}) that goes to ${elsewhere.destination}, not to the bucket ${bucket}`;
      return {
        mark: "problem",
        says: `${vpcId} ${where}: connections of ${listed([...functions], 10)} are not seen.`,
        fix: `Deploy with -c vpcIds=${vpcId} (with all others that are to be watched, separated by commas), or have flow logs delivered to s3://${bucket}.`,
      };
    });
  },
});

const delivery = check({
  id: "flow-log-delivery",
  needs: ["account", "flowLogs", "bucket"],
  fine: "AWS delivers flow logs without errors.",
  look: (facts) =>
    remarksOnEach(facts, ({ id, failure }) =>
      failure === null
        ? null
        : {
            mark: "problem",
            says: `AWS cannot deliver the flow log ${id}: ${failure}.`,
            fix: "Look at the bucket's policy, and its key's: delivery.logs.amazonaws.com has to be allowed to write.",
          },
    ),
});

const recent = check({
  id: "flow-log-objects",
  needs: ["account", "flowLogs", "bucket", "recentlyDelivered"],
  fine: "AWS delivered flow logs within the last two hours.",
  look: ({ recentlyDelivered, ...facts }) =>
    remarksOnEach(facts, ({ id, bucket }) =>
      recentlyDelivered.has(id)
        ? null
        : {
            mark: "problem",
            says: `Nothing of the flow log ${id} came to s3://${bucket} in the last two hours; some object comes every five minutes as long as there is an interface.`,
            fix: "Is it younger than that, or does something remove its objects? Else make it anew.",
          },
    ),
});

/** What is lost with a traffic type that is not `ALL`. */
const TRAFFIC: Readonly<Record<string, Pick<Remark, "mark" | "says">>> = {
  REJECT: { mark: "problem", says: "rejected traffic only: no connection that works is seen" },
  ACCEPT: {
    mark: "warning",
    says: "accepted traffic only: scans (ConnectionScan) and attempts that security groups rejected are not seen",
  },
};

const traffic = check({
  id: "flow-log-traffic",
  needs: ["account", "flowLogs", "bucket"],
  fine: "Flow logs tell of accepted and of rejected traffic.",
  look: (facts) =>
    remarksOnEach(facts, ({ id, traffic }) => {
      const lost = TRAFFIC[traffic];
      if (lost === undefined) return null;
      const says = `The flow log ${id} tells of ${lost.says}.`;
      return { mark: lost.mark, says, fix: `Its traffic type has to be ALL. ${ANEW}` };
    }),
});

const interval = check({
  id: "flow-log-interval",
  needs: ["account", "flowLogs", "bucket"],
  fine: "One record of a flow log tells of a minute.",
  look: (facts) =>
    remarksOnEach(facts, ({ id, interval }) =>
      interval <= 60
        ? null
        : {
            mark: "warning",
            says: `One record of the flow log ${id} tells of up to ${interval / 60} minutes: findings come that much later, and it is less clear when a connection began and how much went out in an hour.`,
            fix: `Its maximum aggregation interval has to be 60 seconds. ${ANEW}`,
          },
    ),
});

interface Field {
  /** Any of these will do. */
  readonly names: readonly string[];
  readonly mark: Remark["mark"];
  /** What is lost without it. */
  readonly cost: string;
}

/** The fields that Plumbline uses. (Directions are told by addresses where `flow-direction` is not there.) */
const FIELDS: readonly Field[] = [
  { names: ["interface-id"], mark: "problem", cost: "no record can be tied to a function" },
  { names: ["srcaddr", "pkt-srcaddr"], mark: "problem", cost: "no record can be used" },
  { names: ["dstaddr", "pkt-dstaddr"], mark: "problem", cost: "no record can be used" },
  { names: ["start", "end"], mark: "problem", cost: "no record has a time, so none can be used" },
  { names: ["dstport"], mark: "warning", cost: "NewPeerPort is blind, and scans of ports are not told" },
  { names: ["srcport"], mark: "warning", cost: "answers are taken for connections" },
  { names: ["protocol"], mark: "warning", cost: "TCP, UDP and ICMP are one" },
  { names: ["bytes"], mark: "warning", cost: "OutboundVolume is blind" },
  { names: ["packets"], mark: "warning", cost: "ConnectionScan does not see who did not answer" },
  { names: ["action"], mark: "warning", cost: "what security groups rejected is taken for connections" },
  { names: ["log-status"], mark: "warning", cost: "gaps (SKIPDATA) are not counted" },
  {
    names: ["tcp-flags"],
    mark: "warning",
    cost: "beginnings of connections are guessed by their ports, which makes Beaconing less sharp",
  },
  {
    names: ["pkt-dst-aws-service"],
    mark: "warning",
    cost: "services of AWS are told from strangers by AWS's published ranges only",
  },
];

const fields = check({
  id: "flow-log-fields",
  needs: ["formats"],
  fine: "Flow logs have every field that is used.",
  look: ({ formats }) =>
    formats.length === 0
      ? null
      : formats.flatMap(({ of, fields }) => {
          const lacking = FIELDS.filter(({ names }) => !names.some((name) => fields.includes(name)));
          return (["problem", "warning"] as const).flatMap((mark): Remark[] => {
            const some = lacking.filter((field) => field.mark === mark);
            if (some.length === 0) return [];
            const costs = some.map(({ names, cost }) => `${names.join(" or ")} (${cost})`);
            return [
              {
                mark,
                says: `${of} lacks ${listed(costs, FIELDS.length)}.`,
                fix: `Add them to its format. ${ANEW}`,
              },
            ];
          });
        }),
});

export const FLOW_LOG_CHECKS = [flowLogs, delivery, recent, traffic, interval, fields];
