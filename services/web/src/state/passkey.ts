/**
 * Passkeys, as the browser keeps and uses them. It does one thing at a time: whatever is begun ends what was waiting,
 * such as the offer in the address field.
 */

let running: AbortController | null = null;

/** Whether this browser knows passkeys, and their options and answers as JSON, so that no library has to translate. */
export const passkeysHere = (): boolean =>
  typeof PublicKeyCredential !== "undefined" &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function" &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function";

/** Whether it can offer passkeys in the address field, beside the addresses it knows. */
export async function offersInField(): Promise<boolean> {
  return passkeysHere() && (await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false)) === true;
}

async function alone(run: (signal: AbortSignal) => Promise<Credential | null>, outer: AbortSignal | undefined): Promise<PublicKeyCredentialJSON> {
  running?.abort();
  const own = new AbortController();
  running = own;
  try {
    const made = await run(outer ? AbortSignal.any([own.signal, outer]) : own.signal);
    if (!(made instanceof PublicKeyCredential)) throw new DOMException("no passkey", "NotAllowedError");
    return made.toJSON();
  } finally {
    if (running === own) running = null;
  }
}

export const makePasskey = (options: PublicKeyCredentialCreationOptionsJSON): Promise<PublicKeyCredentialJSON> =>
  alone((signal) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), signal }), undefined);

interface Asking {
  /** Ends the asking from outside. */
  signal?: AbortSignal | undefined;
  /** In the address field, without a window of its own. */
  inField?: boolean;
}

export const askPasskey = (options: PublicKeyCredentialRequestOptionsJSON, { signal: outer, inField = false }: Asking = {}): Promise<PublicKeyCredentialJSON> =>
  alone((signal) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return navigator.credentials.get({ publicKey, signal, ...(inField ? { mediation: "conditional" as const } : {}) });
  }, outer);
