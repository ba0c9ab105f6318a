/** What is the reader's own: name, language, time zone, theme, mail. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { editMe, type MeEdit } from "../api/auth";
import { preferences, setPreferences } from "../api/notices";
import { isProblem } from "../api/problem";
import { useMe } from "../api/session";
import type { Language, MailPreference } from "../api/types";
import { systemZone } from "../domain/time";
import { Picture } from "../features/settings/Picture";
import { LeaveWorkspace } from "../features/workspace/LeaveWorkspace";
import { setLanguage, useText } from "../i18n";
import { keys, queries } from "../state/queries";
import { setShortcuts, shortcutsOn } from "../state/shortcuts";
import { setTheme, useTheme, type Theme } from "../state/theme";
import { Button } from "../ui/Button";
import { SelectField, TextField } from "../ui/Field";
import { explain, Failure } from "../ui/states";
import { toast } from "../ui/toast";
import { useTitle } from "../ui/useTitle";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const MAILS: readonly MailPreference[] = ["all", "mine", "none"];

function zones(own: string): string[] {
  return [...new Set([own, systemZone(), ...Intl.supportedValuesOf("timeZone"), "UTC"])].sort();
}

function Profile() {
  const t = useText();
  const me = useMe();
  const save = useMutation({
    mutationFn: (body: MeEdit) => editMe(me, body),
    onSuccess: (person) => {
      setLanguage(person.language);
      toast(t.settings.saved);
      return queries.invalidateQueries({ queryKey: keys.members });
    },
    onError: (error) => toast(explain(error, t), { tone: "bad" }),
  });
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate({ name: String(new FormData(event.currentTarget).get("name")).trim() });
  };
  return (
    <>
      <section className="setting">
        <h2>{t.settings.profile}</h2>
        <form className="form" onSubmit={rename}>
          <Picture />
          <TextField label={t.auth.name} name="name" defaultValue={me.name} required maxLength={100} autoComplete="name" fault={isProblem(save.error) ? save.error.field("name") : undefined} />
          <TextField label={t.auth.email} value={me.email} readOnly />
          <div className="form-end"><Button type="submit" busy={save.isPending}>{t.action.save}</Button></div>
        </form>
      </section>
      <section className="setting">
        <h2>{t.settings.language}</h2>
        <div className="form">
          <SelectField label={t.settings.language} value={me.language} onChange={(event) => save.mutate({ language: event.target.value as Language })}>
            <option value="en" lang="en">English</option>
            <option value="ko" lang="ko">한국어</option>
          </SelectField>
          <SelectField label={t.settings.zone} value={me.time_zone} onChange={(event) => save.mutate({ time_zone: event.target.value })}>
            {zones(me.time_zone).map((zone) => <option key={zone}>{zone}</option>)}
          </SelectField>
        </div>
      </section>
    </>
  );
}

function Appearance() {
  const t = useText();
  const theme = useTheme();
  const [keysOn, setKeysOn] = useState(shortcutsOn);
  return (
    <section className="setting">
      <h2>{t.settings.appearance}</h2>
      <div className="form">
        <fieldset className="choices">
          <legend>{t.settings.theme}</legend>
          {THEMES.map((each) => (
            <label key={each} className="choice" data-theme-sample={each}>
              <input type="radio" name="theme" checked={theme === each} onChange={() => setTheme(each)} />
              <span className="sample" aria-hidden="true"><i /><i /></span>
              {t.settings[each]}
            </label>
          ))}
        </fieldset>
        <label className="check">
          <input type="checkbox" checked={keysOn} onChange={(event) => { setShortcuts(event.target.checked); setKeysOn(event.target.checked); }} />
          {t.settings.shortcuts}
        </label>
      </div>
    </section>
  );
}

function MailChoice() {
  const t = useText();
  const current = useQuery({ queryKey: keys.preferences, queryFn: preferences });
  const save = useMutation({
    mutationFn: (mail: MailPreference) => setPreferences(current.data?.version ?? 0, mail),
    onSuccess: (saved) => {
      queries.setQueryData(keys.preferences, saved);
      toast(t.settings.saved);
    },
    onError: (error) => {
      toast(explain(error, t), { tone: "bad" });
      return queries.invalidateQueries({ queryKey: keys.preferences });
    },
  });
  const words = { all: t.settings.mailAll, mine: t.settings.mailMine, none: t.settings.mailNone };
  return (
    <section className="setting">
      <h2>{t.settings.mail}</h2>
      {current.error && <Failure error={current.error} retry={() => void current.refetch()} />}
      {current.data && (
        <fieldset className="choices choices-column">
          <legend>{t.settings.mailLabel}</legend>
          {MAILS.map((each) => (
            <label key={each} className="check">
              <input type="radio" name="mail" checked={(save.isPending ? save.variables : current.data.mail) === each} onChange={() => save.mutate(each)} />
              {words[each]}
            </label>
          ))}
        </fieldset>
      )}
    </section>
  );
}

/** The ways to the settings that have a page of their own. */
function More() {
  const t = useText();
  const pages = [
    { to: "/settings/security", title: t.security.title, text: t.security.text, open: t.security.open },
    { to: "/settings/workspace", title: t.workspaceSettings.title, text: t.workspaceSettings.text, open: t.workspaceSettings.open },
    { to: "/settings/data", title: t.ownData.title, text: t.ownData.text, open: t.ownData.open },
  ] as const;
  return pages.map(({ to, title, text, open }) => (
    <section key={to} className="setting">
      <h2>{title}</h2>
      <div className="form">
        <p className="setting-text">{text}</p>
        <div><Link to={to} className="button">{open}</Link></div>
      </div>
    </section>
  ));
}

export function Settings() {
  const t = useText();
  useTitle(t.settings.title);
  return (
    <div className="page page-narrow">
      <header className="page-head"><h1>{t.settings.title}</h1></header>
      <Profile />
      <Appearance />
      <MailChoice />
      <More />
      <LeaveWorkspace />
    </div>
  );
}
