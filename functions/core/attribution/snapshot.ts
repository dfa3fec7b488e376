/**
 * One look at the account: what `lambda list-functions` and `ec2 describe-network-interfaces` answer, in the same
 * JSON whether it comes from the SDK or from a file of the AWS CLI. An entry that cannot be read is named and left
 * out; the rest is kept.
 */
import { z } from "zod";
import { canonicalAddress } from "../address";
import { cleanText } from "../text";
import type { FunctionSize, LambdaFunction, NetworkInterface, VpcAttachment } from "./inventory";
import { resourceOf } from "./resource";

/** A part is `null` where it was not looked at: what is known of it stays. */
export interface Snapshot {
  readonly functions: readonly LambdaFunction[] | null;
  /** Without candidates: those follow from the functions of the same time. */
  readonly interfaces: readonly NetworkInterface[] | null;
}

export interface Parsed<T> {
  readonly items: T[];
  /** One sentence for each entry that could not be used as it is. */
  readonly problems: string[];
}

const text = z.string().transform((value) => cleanText(value, 300));
const maybe = <T extends z.ZodType>(type: T) => type.nullish().catch(null);
/** Becomes part of a table key, and is printed. */
const id = z
  .string()
  .max(50)
  .regex(/^[\w-]+$/, "is no id");
/** AWS allows 16 of each. */
const ids = z.array(id).max(32);

const functionEntry = z.object({
  FunctionArn: z
    .string()
    .max(500)
    .regex(/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/, "is no ARN of a function"),
  Role: maybe(text),
  VpcConfig: maybe(z.object({ SubnetIds: maybe(ids), SecurityGroupIds: maybe(ids) })),
  CapacityProviderConfig: maybe(z.unknown()),
  // AWS allows 128 to 10,240 MB.
  MemorySize: maybe(z.number().min(1).max(100_000)),
  Architectures: maybe(z.array(z.enum(["x86_64", "arm64"]))),
});

/** The ARN of a function without its version or alias. */
export const unqualified = (arn: string): string => arn.split(":").slice(0, 7).join(":");

/** The name in a function's ARN. */
export const functionNameOf = (arn: string): string => arn.split(":")[6] ?? arn;

/** Reads `{"Functions": [...]}`; versions of one function (`FunctionVersion=ALL`) become one. */
export function parseFunctions(answer: unknown): Parsed<LambdaFunction> {
  const { entries, problems } = entriesOf(answer, "Functions");
  const functions = new Map<string, LambdaFunction>();
  for (const [index, entry] of entries.entries()) {
    const parsed = functionEntry.safeParse(entry);
    if (!parsed.success) {
      problems.push(`Functions[${index}]: ${firstIssue(parsed.error)}`);
      continue;
    }
    const functionArn = unqualified(parsed.data.FunctionArn);
    const known = functions.get(functionArn);
    const managedInstances = known?.managedInstances || parsed.data.CapacityProviderConfig != null;
    const size = known?.size ?? sizeOf(parsed.data);
    functions.set(functionArn, {
      kind: "function",
      functionArn,
      functionName: functionNameOf(functionArn),
      role: known?.role ?? parsed.data.Role ?? null,
      vpc: withAttachment(known?.vpc ?? [], parsed.data.VpcConfig),
      managedInstances,
      ...(size !== null && !managedInstances && { size }),
    });
  }
  return { items: [...functions.values()], problems };
}

/** A function without word of its architecture is older than the choice. */
const sizeOf = ({ MemorySize, Architectures }: z.infer<typeof functionEntry>): FunctionSize | null =>
  MemorySize == null ? null : { memoryMb: MemorySize, architecture: Architectures?.[0] ?? "x86_64" };

function withAttachment(
  known: readonly VpcAttachment[],
  config: z.infer<typeof functionEntry>["VpcConfig"],
): readonly VpcAttachment[] {
  const subnets = [...(config?.SubnetIds ?? [])].sort();
  if (subnets.length === 0) return known;
  const attachment = { subnets, securityGroups: [...(config?.SecurityGroupIds ?? [])].sort() };
  const all = new Map([...known, attachment].map((one) => [JSON.stringify(one), one]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

const interfaceEntry = z.object({
  NetworkInterfaceId: z
    .string()
    .max(100)
    .regex(/^eni-[\w-]+$/, "is no interface id"),
  OwnerId: maybe(z.string().regex(/^\d{12}$/)),
  AvailabilityZone: maybe(text),
  VpcId: maybe(text),
  SubnetId: maybe(text),
  Description: maybe(text),
  InterfaceType: maybe(text),
  Attachment: maybe(z.object({ InstanceId: maybe(text) })),
  Groups: maybe(z.array(z.object({ GroupId: id })).max(32)),
  PrivateIpAddress: maybe(text),
  PrivateIpAddresses: maybe(
    z.array(
      z.object({ PrivateIpAddress: maybe(text), Association: maybe(z.object({ PublicIp: maybe(text) })) }),
    ),
  ),
  Association: maybe(z.object({ PublicIp: maybe(text) })),
  Ipv6Addresses: maybe(z.array(z.object({ Ipv6Address: maybe(text) }))),
  TagSet: maybe(z.array(z.object({ Key: text, Value: text }))),
});
type InterfaceEntry = z.infer<typeof interfaceEntry>;

/** Reads `{"NetworkInterfaces": [...]}`. */
export function parseInterfaces(answer: unknown): Parsed<NetworkInterface> {
  const { entries, problems } = entriesOf(answer, "NetworkInterfaces");
  const items: NetworkInterface[] = [];
  for (const [index, entry] of entries.entries()) {
    const parsed = interfaceEntry.safeParse(entry);
    if (!parsed.success) {
      problems.push(`NetworkInterfaces[${index}]: ${firstIssue(parsed.error)}`);
      continue;
    }
    const item = toInterface(parsed.data);
    if (item.isLambda && item.securityGroups.length === 0) {
      problems.push(
        `NetworkInterfaces[${index}]: Lambda interface ${item.interfaceId} has no security groups, so no function can be found for it`,
      );
    }
    items.push(item);
  }
  return { items, problems };
}

function toInterface(entry: InterfaceEntry): NetworkInterface {
  const description = entry.Description ?? "";
  const interfaceType = entry.InterfaceType ?? "";
  // Before 2019 Lambda's interfaces were plain ones; their description tells.
  const isLambda = interfaceType === "lambda" || /^AWS Lambda VPC ENI|arn:aws[^:]*:lambda:/.test(description);
  const addresses = [
    entry.PrivateIpAddress,
    entry.Association?.PublicIp,
    ...(entry.PrivateIpAddresses ?? []).flatMap((one) => [one.PrivateIpAddress, one.Association?.PublicIp]),
    ...(entry.Ipv6Addresses ?? []).map((one) => one.Ipv6Address),
  ].flatMap((address) => (address && canonicalAddress(address)) ?? []);
  return {
    kind: "interface",
    interfaceId: entry.NetworkInterfaceId,
    accountId: entry.OwnerId ?? null,
    region: entry.AvailabilityZone?.match(/^[a-z]+(-[a-z]+)+-\d/)?.[0] ?? null,
    vpcId: entry.VpcId ?? "",
    subnetId: entry.SubnetId ?? "",
    securityGroups: [...new Set((entry.Groups ?? []).map((group) => group.GroupId))].sort(),
    addresses: [...new Set(addresses)].sort(),
    isLambda,
    resource: resourceOf({
      interfaceId: entry.NetworkInterfaceId,
      description,
      interfaceType,
      instanceId: entry.Attachment?.InstanceId ?? null,
      tags: new Map((entry.TagSet ?? []).map(({ Key, Value }) => [Key, Value])),
    }),
    candidates: [],
  };
}

function entriesOf(answer: unknown, field: string): { entries: unknown[]; problems: string[] } {
  const list = (answer as Record<string, unknown> | null)?.[field];
  return Array.isArray(list)
    ? { entries: list, problems: [] }
    : {
        entries: [],
        problems: [`"${field}" is no list: expected {"${field}": [...]} as the AWS CLI prints it`],
      };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? "cannot be read" : `${issue.path.join(".") || "entry"}: ${issue.message}`;
}
