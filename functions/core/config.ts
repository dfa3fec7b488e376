/** What an owner can set about detection; the same keys in the CDK context and in `plumbline replay --config FILE`. */
import { z } from "zod";
import { cleanText } from "./text";

export const detectionConfig = z.strictObject({
  /** Days of history before novelty of an entity is reported; until then it is learned. */
  learningDays: z.number().int().min(0).max(30).default(7),
  /**
   * Most peers remembered for one entity. One with more is wide: novelty of its more numerous class of peers, internal or
   * external, is not reported.
   */
  maxPeers: z.number().int().min(10).max(5000).default(500),
  /** Days after which what was not seen again is forgotten. */
  retentionDays: z.number().int().min(31).max(400).default(35),
  /** Days for which a finding is kept after it was last seen. */
  findingRetentionDays: z.number().int().min(1).max(3650).default(365),
  /** Name of Plumbline's own stack: parts whose names begin with it are its own. */
  stackName: z.string().min(1).max(128).default("Plumbline"),
});

export type DetectionConfig = z.infer<typeof detectionConfig>;

/** Reads a configuration; every problem in one message that names the key, what is wrong and where it came from. */
export function parseConfig<T extends z.ZodType>(schema: T, value: unknown, origin: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const key = issue.path.join(".");
    return `  ${cleanText(`${key === "" ? "" : `${key}: `}${issue.message}`, 500)}`;
  });
  throw new Error(`The configuration in ${origin} cannot be used:\n${problems.join("\n")}`);
}
