import { accountOf } from "../../../cli/doctor/account";
import { examine } from "../../../cli/doctor/checks";
import type { Facts, FlowLog, Gathered } from "../../../cli/doctor/facts";
import { parseFunctions, parseInterfaces } from "../../../functions/core/attribution/snapshot";
import { lambdaFunction, lambdaInterface, VPC } from "../../support/account";
import { DAY, T0, V2 } from "../../support/flow-log";

const account = (functions: object[], interfaces: object[]) =>
  accountOf(
    {
      functions: parseFunctions({ Functions: functions }).items,
      interfaces: parseInterfaces({ NetworkInterfaces: interfaces }).items,
    },
    T0,
  );

const ONE = [lambdaFunction("OrderApi", ["subnet-a"], ["sg-1"])];
const ITS_INTERFACE = [lambdaInterface("eni-1", "10.0.1.21", "sg-1")];
const FLOW_LOG: FlowLog = {
  id: "fl-1",
  resourceId: VPC,
  traffic: "ALL",
  bucket: "logs",
  destination: "s3 arn:aws:s3:::logs/",
  interval: 60,
  failure: null,
};
const WHOLE = `${V2} tcp-flags pkt-dst-aws-service`.split(" ");
const RULE = {
  name: "Own-FunctionCalls",
  description: "Plumbline: a function called an API",
  wantsReads: true,
};
const ALL_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
const TRAIL = { name: "main", isLogging: true, keeps: { reads: true, writes: true } };
const ALARM = { name: "Own-Errors", description: "Its log says why.", isInAlarm: false, hasActions: true };

const HEALTHY: Facts = {
  now: T0,
  account: account(ONE, ITS_INTERFACE),
  withoutInterface: [],
  bucket: "logs",
  flowLogs: [FLOW_LOG],
  recentlyDelivered: new Set(["fl-1"]),
  formats: [{ of: "The flow log fl-1", fields: WHOLE }],
  trails: [TRAIL],
  rules: [{ ...RULE, state: ALL_EVENTS }],
  forwarders: [{ ...RULE, name: "Global-GlobalCalls", state: ALL_EVENTS }],
  storedInterfaces: new Set(["eni-1"]),
  awsRanges: { checkedAt: T0 - DAY },
  threatLists: { location: "s3://lists/threats", lists: 2 },
  sources: [
    { name: "flow logs", newest: T0 - 600 },
    { name: "CloudTrail", newest: T0 - 3600 },
    { name: "metrics", newest: T0 - 1800 },
  ],
  setAside: [{ queue: "DeadLetters", messages: 0 }],
  setAsideGlobally: [{ queue: "Undelivered", messages: 0 }],
  subscriptions: [{ protocol: "email", isConfirmed: true }],
  alarms: [ALARM],
};

const gathered = (facts: Partial<Facts>): Gathered =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, { value }]));
/** What is not in order. */
const remarks = (changed: Partial<Facts>) =>
  examine(gathered({ ...HEALTHY, ...changed })).filter(({ mark }) => mark !== "ok");

test("of an installation that is well, every check says so and proposes nothing", () => {
  const diagnoses = examine(gathered(HEALTHY));
  expect(diagnoses.map(({ mark, fix }) => [mark, fix])).toEqual(Array(21).fill(["ok", null]));
  expect(new Set(diagnoses.map(({ id }) => id)).size).toBe(21);
});

const lacking = (...fields: string[]) => ({
  formats: [{ of: "The flow log fl-1", fields: WHOLE.filter((one) => !fields.includes(one)) }],
});
const twoFunctions = [...ONE, lambdaFunction("Mailer", ["subnet-a"], ["sg-1"])];
const source = (name: "flow logs" | "CloudTrail" | "metrics", newest: number | null) => ({
  sources: [{ name, newest }],
});

test.each<[string, Partial<Facts>, string, "warning" | "problem", RegExp]>([
  [
    "a VPC without a flow log",
    { flowLogs: [] },
    "flow-logs",
    "problem",
    /vpc-1 has no flow log.*OrderApi are not seen/,
  ],
  [
    "a flow log that goes to CloudWatch Logs",
    { flowLogs: [{ ...FLOW_LOG, bucket: null, destination: "cloud-watch-logs /vpc" }] },
    "flow-logs",
    "problem",
    /fl-1\) that goes to cloud-watch-logs \/vpc, not to the bucket logs/,
  ],
  [
    "a flow log that goes to another bucket",
    { flowLogs: [{ ...FLOW_LOG, bucket: "other", destination: "s3 arn:aws:s3:::other" }] },
    "flow-logs",
    "problem",
    /goes to s3 arn:aws:s3:::other/,
  ],
  [
    "a flow log of another subnet",
    { flowLogs: [{ ...FLOW_LOG, resourceId: "subnet-b" }] },
    "flow-logs",
    "problem",
    /has no flow log/,
  ],
  [
    "a flow log that AWS cannot deliver",
    { flowLogs: [{ ...FLOW_LOG, failure: "Access error" }] },
    "flow-log-delivery",
    "problem",
    /fl-1: Access error/,
  ],
  [
    "a flow log that stopped",
    { recentlyDelivered: new Set(["fl-2"]) },
    "flow-log-objects",
    "problem",
    /Nothing of the flow log fl-1 came to s3:\/\/logs in the last two hours/,
  ],
  [
    "rejected traffic only",
    { flowLogs: [{ ...FLOW_LOG, traffic: "REJECT" }] },
    "flow-log-traffic",
    "problem",
    /rejected traffic only/,
  ],
  [
    "accepted traffic only",
    { flowLogs: [{ ...FLOW_LOG, traffic: "ACCEPT" }] },
    "flow-log-traffic",
    "warning",
    /ConnectionScan/,
  ],
  [
    "records of ten minutes",
    { flowLogs: [{ ...FLOW_LOG, interval: 600 }] },
    "flow-log-interval",
    "warning",
    /up to 10 minutes/,
  ],
  [
    "no interface in the format",
    lacking("interface-id"),
    "flow-log-fields",
    "problem",
    /fl-1 lacks interface-id \(/,
  ],
  [
    "no bytes in the format",
    lacking("bytes"),
    "flow-log-fields",
    "warning",
    /bytes \(OutboundVolume is blind\)/,
  ],
  [
    "several fields missing",
    lacking("tcp-flags", "action"),
    "flow-log-fields",
    "warning",
    /action \(.*\) and tcp-flags \(/,
  ],
  ["no trail", { trails: [] }, "trail", "problem", /There is no trail in this Region/],
  [
    "a trail that was stopped",
    { trails: [{ ...TRAIL, isLogging: false }] },
    "trail",
    "problem",
    /main does not log/,
  ],
  [
    "a trail of data events only",
    { trails: [{ ...TRAIL, keeps: { reads: false, writes: false } }] },
    "trail",
    "problem",
    /changes of functions are not seen/,
  ],
  [
    "a trail of writes only",
    { trails: [{ ...TRAIL, keeps: { reads: false, writes: true } }] },
    "trail",
    "warning",
    /logs writes only/,
  ],
  [
    "a rule that is disabled",
    { rules: [{ ...RULE, state: "DISABLED" }] },
    "rules",
    "problem",
    /Own-FunctionCalls is disabled/,
  ],
  [
    "a rule that leaves reads out",
    { rules: [{ ...RULE, state: "ENABLED" }] },
    "rules",
    "problem",
    /calls that only read/,
  ],
  [
    "global events that stay in us-east-1",
    { forwarders: [] },
    "global-events",
    "warning",
    /No rule in us-east-1/,
  ],
  [
    "a rule in us-east-1 that was disabled",
    { forwarders: [{ ...RULE, name: "Global-GlobalCalls", state: "DISABLED" }] },
    "global-events",
    "problem",
    /Global-GlobalCalls is disabled/,
  ],
  [
    "a function outside a VPC",
    { account: account([...ONE, lambdaFunction("Loner", [], [])], ITS_INTERFACE) },
    "outside-vpc",
    "warning",
    /without flow logs: Loner/,
  ],
  [
    "a function on managed instances",
    {
      account: account(
        [...ONE, lambdaFunction("Heavy", [], [], { CapacityProviderConfig: {} })],
        ITS_INTERFACE,
      ),
    },
    "managed-instances",
    "warning",
    /interfaces are not Lambda's: Heavy/,
  ],
  [
    "two functions behind one interface",
    { account: account(twoFunctions, ITS_INTERFACE) },
    "shared-interfaces",
    "warning",
    /Mailer and OrderApi share interfaces \(vpc-1, sg-1\)/,
  ],
  [
    "a role that may not make interfaces",
    {
      withoutInterface: [
        { functionName: "Mailer", state: "Inactive", reason: "InsufficientRolePermissions: no" },
      ],
    },
    "interface-permissions",
    "warning",
    /Mailer is set to run in a VPC and has no interface there: it is Inactive \(Insuff/,
  ],
  [
    "an interface that the inventory does not know",
    { storedInterfaces: new Set() },
    "inventory",
    "problem",
    /1 interface of Lambda is not in the inventory \(eni-1\)/,
  ],
  [
    "flow logs that stopped",
    source("flow logs", T0 - 7201),
    "stalled-sources",
    "problem",
    /flow logs since 2026-09-30T21:59:59Z/,
  ],
  [
    "flow logs that never came",
    source("flow logs", null),
    "stalled-sources",
    "problem",
    /Nothing came of flow logs in as/,
  ],
  [
    "CloudTrail that stopped",
    source("CloudTrail", T0 - DAY - 1),
    "stalled-sources",
    "warning",
    /Nothing came of CloudTrail/,
  ],
  [
    "metrics that stopped",
    source("metrics", T0 - DAY - 1),
    "stalled-sources",
    "warning",
    /Nothing came of metrics/,
  ],
  [
    "a message that was set aside",
    { setAside: [{ queue: "DeadLetters", messages: 1 }] },
    "set-aside",
    "problem",
    /1 message in DeadLetters/,
  ],
  [
    "an event that was not handed on",
    { setAsideGlobally: [{ queue: "Undelivered", messages: 2 }] },
    "set-aside-globally",
    "problem",
    /2 messages in Undelivered/,
  ],
  ["nobody who gets alerts", { subscriptions: [] }, "subscriptions", "problem", /Nobody is subscribed/],
  [
    "a mail that nobody confirmed",
    { subscriptions: [{ protocol: "email", isConfirmed: false }] },
    "subscriptions",
    "problem",
    /Nobody has confirmed.*\(email\)/,
  ],
  [
    "one of two mails that was not confirmed",
    { subscriptions: [{ protocol: "email", isConfirmed: false }, ...HEALTHY.subscriptions] },
    "subscriptions",
    "warning",
    /A subscription by email is not confirmed/,
  ],
  [
    "no threat lists",
    { threatLists: { location: null, lists: 0 } },
    "threat-lists",
    "warning",
    /There are no threat lists/,
  ],
  [
    "a place for threat lists with none in it",
    { threatLists: { location: "s3://lists/threats", lists: 0 } },
    "threat-lists",
    "problem",
    /no threat list in s3:\/\/lists\/threats/,
  ],
  ["no ranges of AWS", { awsRanges: { checkedAt: null } }, "aws-ranges", "warning", /ranges are not known/],
  [
    "old ranges of AWS",
    { awsRanges: { checkedAt: T0 - 3 * DAY - 1 } },
    "aws-ranges",
    "warning",
    /last looked at on/,
  ],
  [
    "an alarm",
    { alarms: [{ ...ALARM, isInAlarm: true }] },
    "alarms",
    "problem",
    /The alarm Own-Errors is on/,
  ],
  [
    "an alarm that tells nobody",
    { alarms: [{ ...ALARM, hasActions: false }] },
    "alarms",
    "warning",
    /tells nobody/,
  ],
])("%s is remarked, once, with what to do", (_, changed, id, mark, says) => {
  const [remark, ...others] = remarks(changed);
  expect(remark).toEqual({
    id,
    mark,
    says: expect.stringMatching(says),
    fix: expect.stringMatching(/\w{3}/),
  });
  expect(others).toEqual([]);
});

test.each<[string, Partial<Facts>]>([
  ["a flow log of the subnet instead of the VPC", { flowLogs: [{ ...FLOW_LOG, resourceId: "subnet-a" }] }],
  ["a flow log of the interface", { flowLogs: [{ ...FLOW_LOG, resourceId: "eni-1" }] }],
  [
    "a second flow log that is worse and goes elsewhere",
    { flowLogs: [FLOW_LOG, { ...FLOW_LOG, id: "fl-2", bucket: "other", traffic: "REJECT", interval: 600 }] },
  ],
  [
    "fields of which one does for two",
    {
      formats: [
        {
          of: "it",
          fields: [...WHOLE.filter((one) => !/^(src|dst)addr$/.test(one)), "pkt-srcaddr", "pkt-dstaddr"],
        },
      ],
    },
  ],
  [
    "a second trail that logs what the first does not",
    {
      trails: [
        { ...TRAIL, keeps: { reads: false, writes: true } },
        { ...TRAIL, keeps: { reads: true, writes: false } },
      ],
    },
  ],
  ["a trail of the organization, whose selectors it may not see", { trails: [{ ...TRAIL, keeps: null }] }],
  [
    "silent flow logs where no function is in a VPC",
    { ...source("flow logs", null), account: account([], []) },
  ],
  ["sources that were silent for just as long as they may be", source("flow logs", T0 - 7200)],
])("%s is in order", (_, changed) => {
  expect(remarks(changed)).toEqual([]);
});

test("a check whose facts could not be had says what it takes; one whose facts do not apply says nothing", () => {
  const diagnoses = examine({
    trails: { missing: "it takes the permission cloudtrail:DescribeTrails" },
    alarms: { value: [ALARM] },
  });
  expect(diagnoses).toEqual([
    {
      id: "trail",
      mark: "unknown",
      says: "Could not look: it takes the permission cloudtrail:DescribeTrails.",
      fix: null,
    },
    expect.objectContaining({ id: "alarms", mark: "ok" }),
  ]);
});

test("what is not there is not called well", () => {
  const ids = examine(gathered({ ...HEALTHY, flowLogs: [], formats: [], rules: [], alarms: [] })).map(
    ({ id }) => id,
  );
  const absent = [
    "flow-log-delivery",
    "flow-log-objects",
    "flow-log-traffic",
    "flow-log-interval",
    "flow-log-fields",
    "rules",
    "alarms",
  ];
  expect(ids).toHaveLength(21 - absent.length);
  expect(ids.filter((id) => absent.includes(id))).toEqual([]);
});

test("names that would act on a terminal are cleaned, in what is said and in what is proposed", () => {
  const hostile = "\u001b[2Jgone\u202e\nok        trail: fine";
  const [remark] = remarks({ alarms: [{ ...ALARM, name: hostile, description: hostile, isInAlarm: true }] });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(`${remark?.says}${remark?.fix}`).not.toMatch(/[\u0000-\u001f\u202e]/);
  expect(remark?.says).toContain("gone");
});
