/** Leaving: what was typed and kept here goes first, and a provider that wants to be told is told by going there. */
import { useNavigate } from "@tanstack/react-router";
import { signOut } from "../../api/auth";
import { dropAllDrafts } from "../../domain/drafts";
import { mayLeaveFor } from "../../domain/returnPath";
import { queries } from "../../state/queries";

/** Signs out; `next` is where one wants to be after signing in again. */
export function useSignOut(): (next?: string) => Promise<void> {
  const navigate = useNavigate();
  return async (next) => {
    dropAllDrafts();
    const provider = await signOut().catch(() => null);
    queries.clear();
    if (mayLeaveFor(provider)) location.assign(provider);
    else await navigate({ to: "/sign-in", search: next === undefined ? {} : { next } });
  };
}
