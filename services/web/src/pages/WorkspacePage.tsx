/** The workspace's settings: for admins to change, for everyone else to read. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMe } from "../api/session";
import { workspaceSettings } from "../api/workspace";
import { may } from "../domain/policy";
import { DeleteWorkspace } from "../features/settings/DeleteWorkspace";
import { SecondFactor } from "../features/settings/SecondFactor";
import { Services } from "../features/settings/Services";
import { WorkspaceName } from "../features/settings/WorkspaceName";
import { useText } from "../i18n";
import { keys } from "../state/queries";
import { Icon } from "../ui/Icon";
import { Failure, Loading } from "../ui/states";
import { useTitle } from "../ui/useTitle";

export function WorkspacePage() {
  const t = useText();
  const words = t.workspaceSettings;
  useTitle(words.title);
  const manage = may(useMe().role, "workspace.manage");
  const settings = useQuery({ queryKey: keys.workspace, queryFn: workspaceSettings, staleTime: 0 });
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <div>
          <Link to="/settings" className="text-button"><Icon name="left" size={16} /> {t.settings.title}</Link>
          <h1>{words.title}</h1>
          <p className="faint">{words.text} {!manage && words.readOnly}</p>
        </div>
      </header>
      {settings.isPending && <Loading />}
      {settings.error && !settings.data && <Failure error={settings.error} retry={() => void settings.refetch()} />}
      {settings.data && (
        <>
          <WorkspaceName settings={settings.data} manage={manage} />
          <SecondFactor settings={settings.data} manage={manage} />
          {manage && <Services />}
          {manage && <DeleteWorkspace settings={settings.data} />}
        </>
      )}
    </div>
  );
}
