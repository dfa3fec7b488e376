import { RemovalPolicy } from "aws-cdk-lib";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import {
  TABLES,
  type TableName,
  type TableSchema,
  TTL_ATTRIBUTE,
} from "../functions/adapters/dynamodb/schema";

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });

/** The three tables, and a fourth where containment is on. What was learned outlives the stack: they stay when it is destroyed. */
export class Tables extends Construct {
  readonly inventory: dynamodb.Table;
  readonly baselines: dynamodb.Table;
  readonly findings: dynamodb.Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.inventory = this.table("Inventory", "inventory");
    this.baselines = this.table("Baselines", "baselines");
    this.findings = this.table("Findings", "findings");
  }

  /** Made where something asks for it. */
  blocks(): dynamodb.Table {
    return this.table("Blocks", "blocks");
  }

  private table(id: string, name: TableName): dynamodb.Table {
    const { partitionKey, sortKey, indexes }: TableSchema = TABLES[name];
    const table = new dynamodb.Table(this, id, {
      partitionKey: text(partitionKey),
      ...(sortKey !== undefined && { sortKey: text(sortKey) }),
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TTL_ATTRIBUTE,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const index of indexes) {
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        ...(index.sortKey !== undefined && { sortKey: text(index.sortKey) }),
      });
    }
    return table;
  }
}
