/** What the CDK app tells a function through its environment. */
import type { z } from "zod";
import { type DetectionConfig, detectionConfig, parseConfig } from "../../core/config";
import { type ContainmentPolicy, containmentPolicy } from "../../core/containment/policy";

/** Names of the environment variables, for those who set them and those who read them. */
export const ENVIRONMENT = {
  inventoryTable: "PLUMBLINE_INVENTORY_TABLE",
  baselinesTable: "PLUMBLINE_BASELINES_TABLE",
  findingsTable: "PLUMBLINE_FINDINGS_TABLE",
  alertTopic: "PLUMBLINE_ALERT_TOPIC",
  config: "PLUMBLINE_CONFIG",
  /** Folder with the databases of networks; not set where there are none. */
  networks: "PLUMBLINE_NETWORKS",
  /** Minutes between two looks at metrics. */
  metricsMinutes: "PLUMBLINE_METRICS_MINUTES",
  /** `s3://bucket/prefix`; not set where there are none. */
  threatLists: "PLUMBLINE_THREAT_LISTS",
  blocksTable: "PLUMBLINE_BLOCKS_TABLE",
  /** What the owner set about containment, as JSON. */
  containment: "PLUMBLINE_CONTAINMENT",
  /** ARNs of the IP sets, with commas; not set where there are none. */
  ipSets: "PLUMBLINE_IP_SETS",
} as const;

/** The value of a variable; throws, naming it, where it is not set. */
export function setting(name: keyof typeof ENVIRONMENT): string {
  const value = process.env[ENVIRONMENT[name]];
  if (value === undefined || value === "") {
    throw new Error(`${ENVIRONMENT[name]} is not set: the function must be deployed by Plumbline's CDK app`);
  }
  return value;
}

/** The value of a variable that need not be set. */
export const optionalSetting = (name: keyof typeof ENVIRONMENT): string | undefined =>
  process.env[ENVIRONMENT[name]] || undefined;

export const detectionSettings = (): DetectionConfig => settings("config", detectionConfig);
export const containmentSettings = (): ContainmentPolicy => settings("containment", containmentPolicy);

/** Reads a variable that holds JSON; throws, naming it, where it is none. */
function settings<T extends z.ZodType>(name: keyof typeof ENVIRONMENT, schema: T): z.infer<T> {
  const text = setting(name);
  try {
    return parseConfig(schema, JSON.parse(text), ENVIRONMENT[name]);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new Error(`${ENVIRONMENT[name]} is no JSON: "${text.slice(0, 60)}"`, { cause });
    }
    throw cause;
  }
}
