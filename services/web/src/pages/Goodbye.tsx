/** After an account was erased, or a workspace deleted: that it is done, and where to go from here. */
import { Link, Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { useText } from "../i18n";
import { farewell } from "../state/farewell";
import { AuthNotice } from "./AuthFrame";

export function Goodbye() {
  const t = useText();
  const words = t.goodbye;
  const [why] = useState(farewell);
  if (!why) return <Navigate to="/sign-in" replace />;
  return (
    <AuthNotice title={why.kind === "erased" ? words.erased : words.deleted(why.workspace)}>
      <p className="auth-intro">{why.kind === "erased" ? words.erasedText : words.deletedText}</p>
      <Link to="/sign-in" className="button button-wide" data-look={why.kind === "erased" ? "plain" : "primary"}>{words.toSignIn}</Link>
    </AuthNotice>
  );
}
