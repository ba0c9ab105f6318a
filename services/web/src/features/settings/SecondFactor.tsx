/** Whether everyone in the workspace must have a second step of signing in. */
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { isProblem } from "../../api/problem";
import type { WorkspaceSettings } from "../../api/types";
import { editWorkspace } from "../../api/workspace";
import { useText } from "../../i18n";
import { Button } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { toast } from "../../ui/toast";
import { Certain } from "../security/Certain";
import { Mark } from "../security/Mark";
import { confirmed } from "../security/stepUp";
import { adoptSettings, staleSettings } from "./adopt";

export function SecondFactor({ settings, manage }: { settings: WorkspaceSettings; manage: boolean }) {
  const t = useText();
  const words = t.workspaceSettings;
  const on = settings.require_second_factor;
  const [asking, setAsking] = useState(false);
  /** One's own comes first. */
  const [ownFirst, setOwnFirst] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => {
    setAsking(false);
    rescueFocus(heading.current);
  };
  const save = () =>
    confirmed(() => editWorkspace(settings.version, { require_second_factor: !on })).catch((error: unknown) => {
      staleSettings(error);
      if (!isProblem(error) || error.body.state !== "second_factor_first") throw error;
      return null;
    });
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{words.second}</h2>
      <div className="form">
        <p className="setting-line"><Mark on={on}>{on ? words.secondOn : words.secondOff}</Mark></p>
        <p className="setting-text">{on ? words.secondOnText : words.secondOffText}</p>
        {ownFirst && (
          <p className="note" data-tone="warn" role="alert">
            <span>{words.ownFirst}</span>
            <Link to="/settings/security" className="button">{words.ownFirstLink}</Link>
          </p>
        )}
        {manage && <div><Button icon={on ? undefined : "shield"} look={on ? "danger" : "plain"} onClick={() => setAsking(true)}>{on ? words.release : words.require}</Button></div>}
      </div>
      {asking && (
        <Certain title={on ? words.releaseTitle : words.requireTitle} text={on ? words.releaseText : words.requireText} action={on ? words.release : words.require}
          look={on ? "danger" : "primary"} run={save} onClose={close}
          told={(error) => (isProblem(error, "version_conflict") ? words.changedMeanwhile : undefined)}
          onDone={(saved) => {
            setOwnFirst(saved === null);
            if (saved) {
              adoptSettings(saved);
              toast(saved.require_second_factor ? words.required : words.released);
            }
            close();
          }} />
      )}
    </section>
  );
}
