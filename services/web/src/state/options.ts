/** What the sign-in page can offer here. It rarely changes, and is waited for a moment so that the page need not jump. */
import { useQuery } from "@tanstack/react-query";
import { signInOptions } from "../api/auth";
import type { SignInOptions } from "../api/types";
import { keys, queries } from "./queries";

const asked = { queryKey: keys.signInOptions, queryFn: signInOptions, staleTime: 60_000, retry: 1 };

/** Longest wait before the page is shown without them. */
const PATIENCE = 400;

export async function awaitOptions(): Promise<void> {
  await Promise.race([queries.prefetchQuery(asked), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

export const useSignInOptions = (): SignInOptions | undefined => useQuery(asked).data;
