/** What looking at the account takes, and loading what is known of it. */
import { type Taken, withMeter } from "./meter";
import { runtimeOn } from "./runtime";
import { BEGIN } from "./steady-account";

export interface InventoryWork {
  /** A look by which nothing changed, for a thousand functions with an interface each. */
  readonly look: Taken;
  /** Loading as many into the memory of a container. */
  readonly load: Taken;
}

export function measureInventory(functions: number): Promise<InventoryWork> {
  return withMeter(async (meter) => {
    const runtime = runtimeOn(meter, meter.database.client);
    runtime.setClock(BEGIN);
    await runtime.look(functions);
    const thousands = functions / 1000;
    meter.start();
    await runtime.look(functions);
    const look = meter.taken(thousands);
    meter.start();
    const inventory = await runtime.inventory.current();
    const load = meter.taken(thousands);
    if (inventory.functions.length !== functions) throw new Error("The inventory is not whole");
    return { look, load };
  });
}
