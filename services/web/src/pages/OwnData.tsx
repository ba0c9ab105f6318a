/** What is kept of the reader: to take along, or to have erased. */
import { Link } from "@tanstack/react-router";
import { Erase } from "../features/settings/Erase";
import { Export } from "../features/settings/Export";
import { useText } from "../i18n";
import { Icon } from "../ui/Icon";
import { useTitle } from "../ui/useTitle";

export function OwnData() {
  const t = useText();
  useTitle(t.ownData.title);
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <div>
          <Link to="/settings" className="text-button"><Icon name="left" size={16} /> {t.settings.title}</Link>
          <h1>{t.ownData.title}</h1>
          <p className="faint">{t.ownData.text}</p>
        </div>
      </header>
      <Export />
      <Erase />
    </div>
  );
}
