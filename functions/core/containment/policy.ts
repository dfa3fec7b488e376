/** What an owner can set about containment; the same keys in the CDK context and in `plumbline replay --config FILE`. */
import { z } from "zod";
import { parseCidr } from "../address";
import { DETECTORS } from "../detectors";
import { SEVERITIES } from "../severity";
import { ACTIONS, MODES } from "./containment";

const findingType = z.enum(DETECTORS.map(({ type }) => type) as [string, ...string[]]);

const rule = z.strictObject({
  action: z.enum(ACTIONS),
  /** Instead of what is set for all types. */
  mode: z.enum(MODES).optional(),
  minimumSeverity: z.enum(SEVERITIES).optional(),
});

/** The highest rule number of an own entry that AWS allows is 32766; `*` stands behind. */
const LAST_RULE = 32_766;

const ruleNumbers = z
  .strictObject({
    first: z.number().int().min(1).max(LAST_RULE),
    last: z.number().int().min(1).max(LAST_RULE),
  })
  .refine(({ first, last }) => first <= last && last - first < 20, {
    error: "must be a range of 1 to 20 numbers: AWS allows 20 rules a direction, unless the quota was raised",
  });

export const containmentPolicy = z.strictObject({
  /** Containment is off until this object is there; then it is a dry run until this says otherwise. */
  mode: z.enum(MODES).default("dryRun"),
  minimumSeverity: z.enum(SEVERITIES).default("high"),
  /** What is done about findings of which type. */
  types: z
    .partialRecord(findingType, rule)
    .default({ ThreatListPeer: { action: "networkAcl" }, Beaconing: { action: "networkAcl" } }),
  /** Hours after which a block ends by itself. */
  ttlHours: z.number().int().min(1).max(720).default(24),
  /** With more other functions that talked to the destination in 30 days nothing is done. */
  maxBlast: z.number().int().min(0).max(1000).default(0),
  /** Blocks an hour that are made without a person. */
  blocksPerHour: z.number().int().min(1).max(100).default(5),
  /** Addresses and CIDR blocks that are never blocked. */
  allowList: z
    .array(
      z
        .string()
        .refine((text) => parseCidr(text) !== null, "must be addresses or CIDR blocks: 203.0.113.0/24"),
    )
    .max(10_000)
    .default([]),
  /** Rule numbers of network ACLs that are kept for blocks: in front of every rule that allows. */
  ruleNumbers: ruleNumbers.default({ first: 10, last: 19 }),
  /** When all of them are taken: the oldest block gives way, or nothing is done. */
  whenFull: z.enum(["evictOldest", "refuse"]).default("evictOldest"),
  /** Functions that may be stopped, by name. */
  stoppable: z
    .array(z.string().regex(/^[\w-]{1,64}$/, "must be names of functions"))
    .max(1000)
    .default([]),
});

export type ContainmentPolicy = z.infer<typeof containmentPolicy>;

/** Whether anything may be done in earnest. */
export const mayEnforce = ({ mode, types }: ContainmentPolicy): boolean =>
  mode === "enforce" || Object.values(types).some((rule) => rule?.mode === "enforce");

/** Only network ACLs with this tag are changed. */
export const ACL_TAG = { key: "plumbline:contain", value: "true" } as const;
