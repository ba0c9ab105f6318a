/** A refusal as the services word it (problem+json), or the lack of any answer. */
import type { Task } from "./types";

export interface ProblemBody {
  status: number;
  code: string;
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: { field: string; message: string }[];
  /** With 412: the task as it is now, and which fields collide. */
  current?: Task;
  fields?: string[];
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
    return this.body.errors?.find((error) => error.field === name)?.message;
  }
}

/** Reads whatever an unsuccessful answer holds; gateways in between may answer something else than a problem. */
export function asProblem(status: number, error: unknown, response?: Response): Problem {
  const body = typeof error === "object" && error !== null ? (error as Partial<ProblemBody>) : {};
  const id = body.request_id ?? response?.headers.get("x-request-id") ?? undefined;
  return new Problem({ ...body, status, code: body.code ?? "unknown", ...(id ? { request_id: id } : {}) });
}

/** The network gave no answer at all. */
export const unreachable = (): Problem => new Problem({ status: 0, code: "unreachable" });

export const isProblem = (error: unknown, code?: string): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code);
