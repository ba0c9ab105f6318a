/** A refusal as the services word it (problem+json), or the lack of any answer. */
import type { Method } from "./identity";
import type { Task } from "./types";

/** What is wrong with a field: in a sentence, and where a program could do something about it, in a word. */
export interface FieldFault {
  field: string;
  message: string;
  reason?: string;
}

export interface ProblemBody {
  status: number;
  code: string;
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: FieldFault[];
  /** With 412: the task as it is now, and which fields collide. */
  current?: Task;
  fields?: string[];
  /** With 401 `second_factor_required`: what the code is sent with. With it and with 403 `step_up_required`: what counts as proof. */
  ticket?: string;
  /** Beside a ticket: where a browser wanted to go that came back from an identity provider. */
  return_to?: string;
  methods?: Method[];
  /** With 409 about a link or a ticket: why it does not count any more. */
  state?: string;
  /** With 429: seconds to wait, from the header `Retry-After`. */
  retry_after?: number;
}

export class Problem extends Error {
  readonly body: ProblemBody;

  constructor(body: ProblemBody) {
    super(body.detail ?? body.title ?? body.code);
    this.name = "Problem";
    this.body = body;
  }

  get status(): number {
    return this.body.status;
  }

  get code(): string {
    return this.body.code;
  }

  /** What the service says about one field of the form, if anything. */
  field(name: string): string | undefined {
    return this.fault(name)?.message;
  }

  fault(name: string): FieldFault | undefined {
    return this.body.errors?.find((error) => error.field === name);
  }
}

/** The seconds that `Retry-After` asks to wait; it may name a moment instead. None when it says nothing useful. */
export function retryAfter(header: string | null | undefined, now: number): number | undefined {
  if (!header) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : Math.ceil((Date.parse(header) - now) / 1000);
  return seconds > 0 ? seconds : undefined;
}

/** Reads whatever an unsuccessful answer holds; gateways in between may answer something else than a problem. */
export function asProblem(status: number, error: unknown, response?: Response): Problem {
  const body = typeof error === "object" && error !== null ? (error as Partial<ProblemBody>) : {};
  const id = body.request_id ?? response?.headers.get("x-request-id") ?? undefined;
  const wait = retryAfter(response?.headers.get("retry-after"), Date.now());
  return new Problem({ ...body, status, code: body.code ?? "unknown", ...(id ? { request_id: id } : {}), ...(wait ? { retry_after: wait } : {}) });
}

/** The network gave no answer at all. */
export const unreachable = (): Problem => new Problem({ status: 0, code: "unreachable" });

export const isProblem = (error: unknown, code?: string): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code);
