/** The embedded DynamoDB in a process of its own, so that its work is not counted as Plumbline's. Ends with its parent. */
import { startEmbeddedDynamoDb } from "../../cli/local/embedded-dynamodb";

async function main(): Promise<void> {
  const { client, tables, stop } = await startEmbeddedDynamoDb();
  const { hostname, port } = (await client.config.endpoint?.()) ?? {};
  process.once("disconnect", () => void stop());
  process.send?.({ endpoint: `http://${hostname}:${port}`, tables });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
