/** Keys and indexes of the tables: what the CDK app deploys and the embedded DynamoDB creates. */

export interface IndexSchema {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
}

export interface TableSchema {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly indexes: readonly IndexSchema[];
}

/** Every key is a string. */
export const TABLES = {
  /** Functions and interfaces with the time they were valid; `kind` is `function`, `interface`, `invocation`, `sync` or `aws-ranges`. */
  inventory: { partitionKey: "kind", sortKey: "key", indexes: [] },
  /** One item a facet of an entity: `AT#<hour>`, `PEER#<peer>`, `PROFILE`. */
  baselines: { partitionKey: "entity", sortKey: "facet", indexes: [] },
  findings: {
    partitionKey: "id",
    indexes: [
      { name: "byEntity", partitionKey: "entity", sortKey: "lastSeen" },
      { name: "byStatus", partitionKey: "status", sortKey: "lastSeen" },
      // Sparse: only findings whose alert is not sent yet have the attribute.
      { name: "alertDue", partitionKey: "alertDue" },
    ],
  },
  /** What is cut off, or was; only where containment is on. */
  blocks: { partitionKey: "id", indexes: [] },
} as const satisfies Record<string, TableSchema>;

export type TableName = keyof typeof TABLES;

/** The attribute that DynamoDB deletes by, in seconds since 1970. */
export const TTL_ATTRIBUTE = "expiresAt";
