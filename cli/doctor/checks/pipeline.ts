/** Plumbline's own parts: whether what is delivered comes through, and alerts reach somebody. */
import { listed, plural } from "../../../functions/core/text";
import { DAY, HOUR, iso } from "../../../functions/core/time";
import { check, type Remark } from "../check";
import type { Facts, Source } from "../facts";

/** For how many seconds a source may be silent. Calls of functions may be rare, and functions be idle for a night. */
const QUIET: Readonly<Record<Source["name"], number>> = {
  "flow logs": 2 * HOUR,
  CloudTrail: DAY,
  metrics: DAY,
};

/** A source that never told of anything is what other checks are about; where there is nothing to tell, none is missed. */
const stalled = check({
  id: "stalled-sources",
  needs: ["now", "account", "sources"],
  fine: "Every source has told of something of late.",
  look({ now, account, sources }) {
    const expected = ({ name }: Source) =>
      name === "flow logs" ? account.interfaces.length > 0 : account.functions.length > 0;
    return sources.filter(expected).flatMap(({ name, newest }): Remark[] => {
      if (newest !== null && newest >= now - QUIET[name]) return [];
      const since = newest === null ? "in as long as was looked" : `since ${iso(newest)}`;
      return [
        {
          mark: name === "flow logs" ? "problem" : "warning",
          says: `Nothing came of ${name} ${since}.`,
          fix: "Is it still recorded and delivered, and does the function that reads it run? Where functions did nothing, there is nothing to tell.",
        },
      ];
    });
  },
});

const remarksOnQueues = (queues: Facts["setAside"]) =>
  queues
    .filter(({ messages }) => messages > 0)
    .map(
      ({ queue, messages }): Remark => ({
        mark: "problem",
        says: `${plural(messages, "message")} in ${queue}: ${messages === 1 ? "it was" : "they were"} not processed.`,
        fix: "Look into the function's log, or at the rule's target, for why, and mend it; then aws sqs start-message-move-task brings them back to where they came from, where that is a queue.",
      }),
    );

const setAside = check({
  id: "set-aside",
  needs: ["setAside"],
  fine: "Nothing was set aside.",
  look: ({ setAside }) => remarksOnQueues(setAside),
});

const setAsideGlobally = check({
  id: "set-aside-globally",
  needs: ["setAsideGlobally"],
  fine: "Everything was handed on from us-east-1.",
  look: ({ setAsideGlobally }) => (setAsideGlobally.length === 0 ? null : remarksOnQueues(setAsideGlobally)),
});

const subscriptions = check({
  id: "subscriptions",
  needs: ["subscriptions"],
  fine: "Somebody is subscribed to alerts.",
  look({ subscriptions }): Remark[] {
    const pending = subscriptions.filter(({ isConfirmed }) => !isConfirmed);
    if (subscriptions.length === pending.length) {
      return [
        {
          mark: "problem",
          says:
            pending.length === 0
              ? "Nobody is subscribed to alerts."
              : `Nobody has confirmed a subscription to alerts (${listed(pending.map(({ protocol }) => protocol))}).`,
          fix: "Confirm the mail that SNS sent, deploy with -c alertEmails, or subscribe something to the stack's output AlertTopic.",
        },
      ];
    }
    return pending.map(({ protocol }) => ({
      mark: "warning",
      says: `A subscription by ${protocol} is not confirmed.`,
      fix: "Confirm it, or delete it and subscribe again: an unconfirmed one ends after some days.",
    }));
  },
});

const threatLists = check({
  id: "threat-lists",
  needs: ["threatLists"],
  fine: "There are threat lists.",
  look({ threatLists: { location, lists } }): Remark[] {
    if (lists > 0) return [];
    return location === null
      ? [
          {
            mark: "warning",
            says: "There are no threat lists, so no address is known as bad: ThreatListPeer is blind.",
            fix: "Put lists below a prefix in S3 and deploy with -c threatLists=s3://bucket/prefix; for a replay, put them into threat-lists/ of the folder.",
          },
        ]
      : [
          {
            mark: "problem",
            says: `There is no threat list in ${location}: ThreatListPeer is blind.`,
            fix: "Put text files there, one address or block a line.",
          },
        ];
  },
});

const awsRanges = check({
  id: "aws-ranges",
  needs: ["now", "awsRanges"],
  fine: "AWS's address ranges are known.",
  look({ now, awsRanges: { checkedAt } }): Remark[] {
    if (checkedAt !== null && checkedAt >= now - 3 * DAY) return [];
    return [
      {
        mark: "warning",
        says:
          checkedAt === null
            ? "AWS's address ranges are not known: services are told by pkt-dst-aws-service only, without their Region."
            : `AWS's address ranges were last looked at on ${iso(checkedAt)}.`,
        fix: "The function that keeps the inventory reads ip-ranges.amazonaws.com once a day; its log says why it cannot. For a replay: --ip-ranges, or inventory/ip-ranges.json in the folder.",
      },
    ];
  },
});

const alarms = check({
  id: "alarms",
  needs: ["alarms"],
  fine: "No alarm of Plumbline's is on.",
  look: ({ alarms }) =>
    alarms.length === 0
      ? null
      : alarms.flatMap(({ name, description, isInAlarm, hasActions }): Remark[] => [
          ...(isInAlarm
            ? [{ mark: "problem" as const, says: `The alarm ${name} is on.`, fix: description }]
            : []),
          ...(hasActions
            ? []
            : [
                {
                  mark: "warning" as const,
                  says: `The alarm ${name} tells nobody: its actions are disabled.`,
                  fix: `aws cloudwatch enable-alarm-actions --alarm-names ${name}`,
                },
              ]),
        ]),
});

export const PIPELINE_CHECKS = [
  stalled,
  setAside,
  setAsideGlobally,
  subscriptions,
  threatLists,
  awsRanges,
  alarms,
];
