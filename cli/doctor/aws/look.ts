import type { Fact } from "../facts";

const DENIED = /AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized/i;

/**
 * A fact that is asked for, or why it is not known: AWS may refuse any question, and the rest is answered all the same.
 * `permissions` are those that the question takes.
 */
export async function look<T>(permissions: string, ask: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return {
      missing: DENIED.test(name)
        ? `it takes the permission ${permissions}`
        : `${permissions} failed (${name}: ${message})`,
    };
  }
}

/** What follows from another fact, and may have to be asked for, too. */
export async function lookFrom<T, U>(
  fact: Fact<T>,
  permissions: string,
  ask: (value: T) => Promise<U>,
): Promise<Fact<U>> {
  return "missing" in fact ? fact : look(permissions, () => ask(fact.value));
}
