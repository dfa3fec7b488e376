/**
 * The command over folders of telemetry in which names, tags, agents, lines and files are an attacker's: it ends with a
 * status, and what it prints and writes is text, not markup, and no escapes.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { main } from "../../cli/main";
import { htmlReport, type Report } from "../../console/report";
import type { Finding } from "../../functions/core/finding";
import { DAY, ENI, gz, OWN, T0, V2, v2 } from "../support/flow-log";
import { plainPath } from "../support/story";
import { asUser, call, change } from "../support/trail";
import { hostileText, mutatedBytes, mutatedJson, mutatedText } from "./hostile";
import { expectPrintable, expectThat } from "./invariants";
import * as shapes from "./shapes";
import { type Target, target } from "./target";

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: string[]): Promise<Run> {
  const texts = { stdout: "", stderr: "" };
  const names = ["stdout", "stderr"] as const;
  const before = names.map((name) => process[name].write);
  for (const name of names)
    process[name].write = ((text: string | Uint8Array) => {
      texts[name] += String(text);
      return true;
    }) as typeof process.stdout.write;
  try {
    return { status: await main(args), ...texts };
  } finally {
    for (const [i, name] of names.entries()) process[name].write = before[i] as typeof process.stdout.write;
  }
}

/** Files in a new folder while `use` runs. */
async function inFolder<T>(
  files: Record<string, string | Uint8Array>,
  use: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-fuzz-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(dir, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Part of the name of a file, of whatever characters a file system allows. */
const namePart = hostileText.map((text) => text.replaceAll(/[/\0]|\p{Cs}/gu, "").slice(0, 20) || "x");

/** Ten days of habit, then a day on which everything happens that is told of. */
const telemetry = fc.record({
  name: hostileText,
  agent: hostileText,
  layer: hostileText,
  user: hostileText,
  file: namePart,
  trail: mutatedJson(...shapes.TRAIL_FILES),
  text: mutatedText(...shapes.FLOW_LOG_TEXTS),
  parquet: mutatedBytes(...shapes.PARQUET_OBJECTS),
  metrics: mutatedJson(...shapes.METRICS),
  functions: mutatedJson(...shapes.FUNCTION_LISTS),
  interfaces: mutatedJson(...shapes.INTERFACE_LISTS),
  ranges: mutatedJson(...shapes.IP_RANGES),
  list: mutatedText(...shapes.THREAT_LISTS),
});
type Telemetry = typeof telemetry extends fc.Arbitrary<infer T> ? T : never;

const LAST = 10;

function filesOf(input: Telemetry): Record<string, string | Uint8Array> {
  const renamed = shapes.INTERFACES.map((one) =>
    one.NetworkInterfaceId === "eni-new" ? { ...one, TagSet: [{ Key: "Name", Value: input.name }] } : one,
  );
  const days = Array.from({ length: LAST }, (_, day) => {
    const at = T0 + day * DAY;
    return [plainPath(at), gz(V2, v2({ to: "10.0.20.2", at: at + 60 }))] as const;
  });
  const at = T0 + LAST * DAY;
  const told = [
    ...Array.from({ length: LAST }, (_, day) => call(day, "secretsmanager", "GetSecretValue")),
    call(LAST, "iam", "CreateUser", {
      userAgent: input.agent,
      sourceIPAddress: input.agent,
      requestParameters: { userName: input.user },
    }),
    change(
      LAST,
      "UpdateFunctionConfiguration20150331v2",
      { layers: [`arn:aws:lambda:us-east-1:999988887777:layer:${input.layer}:3`] },
      { userIdentity: { ...asUser(input.user), userName: input.user } },
    ),
    change(
      LAST,
      "AddPermission20150331v2",
      { statementId: input.layer, action: "lambda:InvokeFunction", principal: "*" },
      { userIdentity: asUser(input.user) },
    ),
  ];
  const trailPath = `AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/11`;
  return {
    ...Object.fromEntries(days),
    [plainPath(at)]: gz(
      V2,
      v2({ to: "10.0.20.3", at: at + 60 }),
      v2({ eni: ENI, from: OWN, to: "198.51.100.66", port: 443, at: at + 90 }),
    ),
    [plainPath(at + 300).replace("abcd", input.file)]: input.text,
    [plainPath(at + 600).replace("abcd.log.gz", `${input.file}.log.parquet`)]: input.parquet,
    [`${trailPath}/111122223333_CloudTrail_us-east-1_20261011T0005Z_a.json.gz`]: gzipSync(
      JSON.stringify({ Records: told }),
    ),
    [`${trailPath}/111122223333_CloudTrail_us-east-1_20261011T0010Z_${input.file}.json`]: input.trail,
    [`AWSLogs/${input.file}`]: "what is it",
    "inventory/functions.json": JSON.stringify({ Functions: shapes.FUNCTIONS }),
    "inventory/network-interfaces.json": JSON.stringify({ NetworkInterfaces: renamed }),
    "inventory/2026-10-11T12-00-00Z/functions.json": input.functions,
    "inventory/2026-10-11T12-00-00Z/network-interfaces.json": input.interfaces,
    "inventory/ip-ranges.json": input.ranges,
    [`metrics/${input.file}.json`]: input.metrics,
    [`threat-lists/${input.file}`]: input.list,
  };
}

const STATUSES = [0, 4];
const replay = target(
  "plumbline replay",
  telemetry,
  (input) =>
    inFolder(filesOf(input), async (dir) => {
      const report = join(dir, "report.html");
      const { status, stdout, stderr } = await run("replay", dir, "--report", report);
      expectThat(STATUSES.includes(status), `the exit status is ${status}: ${stderr}`);
      expectPrintable(stdout, "stdout", true);
      expectPrintable(stderr, "stderr", true);
      expectThat(stdout.includes("iam:CreateUser"), `what happened is not found: ${stdout}`);
      expectNothingOfTelemetry(readFileSync(report, "utf8"));
    }),
  { most: 30_000, share: 0.02 },
);

const json = target(
  "plumbline replay --json",
  telemetry,
  (input) =>
    inFolder(filesOf(input), async (dir) => {
      const { stdout, stderr, status } = await run("replay", dir, "--json");
      expectThat(STATUSES.includes(status), `the exit status is ${status}: ${stderr}`);
      expectPrintable(stderr, "stderr", true);
      const lines = stdout.split("\n").slice(0, -1);
      for (const line of lines) expectPrintable([line, JSON.parse(line)], "a line of stdout");
      expectThat(
        lines.some((line) => JSON.parse(line).type === "UnusualApiCall"),
        "what happened is not found",
      );
    }),
  { most: 30_000, share: 0.01 },
);

const config = target(
  "plumbline replay --config",
  mutatedJson(...shapes.SETTINGS),
  (text) =>
    inFolder({ "settings.json": text, "AWSLogs/x": "" }, async (dir) => {
      const { status, stderr } = await run("replay", dir, "--config", join(dir, "settings.json"), "--json");
      expectThat(
        status === 0 || (status === 1 && /^plumbline: The configuration /.test(stderr)),
        `${status}: ${stderr}`,
      );
      expectPrintable(stderr, "stderr", true);
    }),
  { most: 30_000, share: 0.05 },
);

/** Elements and attributes that the page has of itself. */
const ELEMENTS =
  "html head meta title style body h1 h2 h3 p article span table tbody tr th td code br ul li a".split(" ");
const ATTRIBUTES = "lang charset name content http-equiv id class href".split(" ");
const LINKS = ["https://db-ip.com", "https://www.routeviews.org"];
const HEAD = ["html", "head", "meta", "title", "style", "body"];

/** Throws where an element, an attribute or a link of a page came out of telemetry, or the page allows scripts. */
function expectNothingOfTelemetry(page: string): void {
  const elements: DefaultTreeAdapterTypes.Element[] = [];
  const open: DefaultTreeAdapterTypes.Node[] = [parse(page)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if ("tagName" in next) elements.push(next);
    if ("childNodes" in next) open.push(...next.childNodes);
    expectThat(next.nodeName !== "#comment", "there is a comment in the page");
  }
  for (const { tagName, attrs } of elements) {
    expectThat(ELEMENTS.includes(tagName), `an element ${tagName} in the page`);
    for (const { name, value } of attrs) {
      expectThat(ATTRIBUTES.includes(name), `an attribute ${name} in the page`);
      expectThat(name !== "href" || LINKS.includes(value), `a link to ${value} in the page`);
      expectThat(name !== "id" || /^[0-9a-f]{20}$/.test(value), `the id ${value} in the page`);
      expectThat(
        name !== "class" || /^(low|medium|high|critical|dim)$/.test(value),
        `the class ${value} in the page`,
      );
    }
  }
  for (const name of HEAD.slice(0, 2))
    expectThat(elements.filter(({ tagName }) => tagName === name).length === 1, `${name} twice`);
  expectThat(
    elements.filter(({ tagName }) => tagName === "article").length === page.split("<article ").length - 1,
    "an article more",
  );
  expectThat(page.includes(`content="default-src 'none'; style-src 'unsafe-inline'"`), "scripts are allowed");
}

/** Findings in which every text is an attacker's: more than ever gets there. */
const finding = fc.record({
  id: fc.constant("0123456789abcdef0123"),
  type: hostileText,
  title: hostileText,
  explanation: hostileText,
  functionArn: fc.option(hostileText),
  candidates: fc.array(
    fc.record({ functionName: hostileText, functionArn: hostileText, invoked: fc.constant(null) }),
    { maxLength: 3 },
  ),
  evidence: fc.array(fc.record({ ref: hostileText, source: fc.constant("flow-log"), at: hostileText }), {
    maxLength: 3,
  }),
  mitre: fc.array(hostileText, { maxLength: 2 }),
  firstSeen: hostileText,
  lastSeen: hostileText,
});
const report = target(
  "HTML report",
  fc.record({
    source: hostileText,
    findings: fc.array(finding, { maxLength: 3 }),
    seen: fc.array(hostileText),
    notes: fc.array(hostileText),
    unreadable: fc.array(fc.record({ ref: hostileText, reason: hostileText }), { maxLength: 3 }),
  }),
  ({ findings, ...rest }) => {
    const whole = findings.map((one) => ({
      ...one,
      severity: "high",
      score: 7,
      count: 1,
      attribution: "certain",
      baseline: { days: 1, expected: 0, observed: 1 },
    }));
    expectNothingOfTelemetry(
      htmlReport({ ...rest, findings: whole as unknown as Finding[] } satisfies Report),
    );
  },
);

export const COMMAND: readonly Target[] = [report, config, replay, json];
