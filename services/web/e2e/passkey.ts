/** A passkey device in the browser under test: Chromium's own virtual authenticator, with a finger that is always right. */
import type { CDPSession, Page } from "@playwright/test";

export class Device {
  private constructor(private readonly cdp: CDPSession, private readonly authenticatorId: string) {}

  static async of(page: Page): Promise<Device> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable", { enableUI: false });
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
      },
    });
    return new Device(cdp, authenticatorId);
  }

  /**
   * Nobody touches it: the sign-in page may offer a passkey in its field, and nothing comes of it. What is asked
   * meanwhile stays unanswered also after `touch`.
   */
  async rest(): Promise<void> {
    await this.cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: this.authenticatorId, enabled: false });
  }

  /** From here on whatever asks is answered at once. */
  async touch(): Promise<void> {
    await this.cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: this.authenticatorId, enabled: true });
  }

  /** The finger of somebody else. */
  async verify(own: boolean): Promise<void> {
    await this.cdp.send("WebAuthn.setUserVerified", { authenticatorId: this.authenticatorId, isUserVerified: own });
  }

  async count(): Promise<number> {
    const { credentials } = await this.cdp.send("WebAuthn.getCredentials", { authenticatorId: this.authenticatorId });
    return credentials.length;
  }

  /** Loses what it holds, as a phone that was reset. */
  async forget(): Promise<void> {
    await this.cdp.send("WebAuthn.clearCredentials", { authenticatorId: this.authenticatorId });
  }
}
