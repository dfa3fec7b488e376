/** What every chapter of the run has at hand. */
import type { TablesAt } from "../support/past";
import type { Cdk } from "./cdk";
import type { Clients } from "./clients";
import type { Deployment } from "./deployment";
import type { Emulator } from "./emulator";
import type { Gateway } from "./gateway";
import type { Sentences } from "./sentences";

export interface World extends Pick<Sentences, "say" | "check"> {
  readonly cdk: Cdk;
  readonly clients: Clients;
  readonly gateway: Gateway;
  readonly emulator: Emulator;
  readonly deployment: Deployment;
  /** When the run began, in seconds since 1970; a whole minute. */
  readonly now: number;
}

/** The tables of the stack. */
export const tablesOf = ({ clients, deployment }: World): TablesAt => ({
  client: clients.dynamoDb,
  tables: {
    inventory: deployment.of("Tables/Inventory"),
    baselines: deployment.of("Tables/Baselines"),
    findings: deployment.of("Tables/Findings"),
  },
});
