/** The workspace's service accounts and their tokens. */
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { createServiceToken, deleteServiceAccount, revokeServiceToken, serviceAccounts } from "../../api/tokens";
import type { ServiceAccount } from "../../api/types";
import { dayLabel } from "../../domain/deadline";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { all, keys, queries } from "../../state/queries";
import { Button, IconButton } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { Icon } from "../../ui/Icon";
import { Failure, Loading } from "../../ui/states";
import { toast } from "../../ui/toast";
import { Certain } from "../security/Certain";
import { confirmed } from "../security/stepUp";
import { NewToken } from "../tokens/NewToken";
import { TokenLine } from "../tokens/TokenLine";
import { NewService } from "./NewService";

const reload = () => queries.invalidateQueries({ queryKey: keys.serviceAccounts });
/** They are listed among the members as well. */
const reloadAll = () => Promise.all([reload(), queries.invalidateQueries({ queryKey: keys.members })]);

type Open = { kind: "create" } | { kind: "token" | "remove"; account: ServiceAccount } | null;

interface AccountProps {
  account: ServiceAccount;
  onToken: () => void;
  onRemove: () => void;
  onGone: () => void;
}

function Account({ account, onToken, onRemove, onGone }: AccountProps) {
  const t = useText();
  const clock = useClock();
  const words = t.services;
  return (
    <li className="service">
      <div className="service-head">
        <span className="service-mark"><Icon name="robot" size={20} /></span>
        <span className="row-main">
          <strong>{account.name}</strong>
          <span className="faint">{t.role[account.role]} · {words.since(dayLabel(account.created_at, clock))}</span>
        </span>
        <IconButton icon="trash" label={words.remove(account.name)} onClick={onRemove} />
      </div>
      {account.tokens.length > 0 ? (
        <ul className="rows" aria-label={words.tokensOf(account.name)}>
          {account.tokens.map((token) => <TokenLine key={token.id} token={token} revoke={() => revokeServiceToken(account.id, token.id)} onGone={onGone} />)}
        </ul>
      ) : (
        <p className="faint">{words.noTokens}</p>
      )}
      <div><Button icon="plus" aria-label={words.newTokenFor(account.name)} onClick={onToken}>{words.newToken}</Button></div>
    </li>
  );
}

export function Services() {
  const t = useText();
  const words = t.services;
  const accounts = useQuery({ queryKey: keys.serviceAccounts, queryFn: () => all(serviceAccounts), staleTime: 0 });
  const [open, setOpen] = useState<Open>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const rescue = () => rescueFocus(heading.current);
  const close = () => {
    setOpen(null);
    rescue();
  };
  const items = accounts.data ?? [];
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{words.title}</h2>
      <div className="form">
        <p className="setting-text">{words.text}{accounts.data && items.length === 0 && <> {words.empty}</>}</p>
        {accounts.isPending && <Loading />}
        {accounts.error && !accounts.data && <Failure error={accounts.error} retry={() => void accounts.refetch()} />}
        {items.length > 0 && (
          <ul className="services">
            {items.map((account) => (
              <Account key={account.id} account={account} onToken={() => setOpen({ kind: "token", account })} onRemove={() => setOpen({ kind: "remove", account })}
                onGone={() => void reload().then(rescue)} />
            ))}
          </ul>
        )}
        <div><Button icon="robot" onClick={() => setOpen({ kind: "create" })}>{words.create}</Button></div>
      </div>
      {open?.kind === "create" && (
        <NewService onClose={close} onDone={(made) => {
          close();
          toast(words.created(made.name));
          void reloadAll();
        }} />
      )}
      {open?.kind === "token" && (
        <NewToken title={words.newTokenFor(open.account.name)} create={(wish) => createServiceToken(open.account.id, wish)} onClose={close} onMade={() => void reload()} />
      )}
      {open?.kind === "remove" && (
        <Certain title={words.removeTitle(open.account.name)} text={words.removeText} action={words.removeAction} run={() => confirmed(() => deleteServiceAccount(open.account.id))} onClose={close}
          onDone={() => {
            toast(words.removed(open.account.name));
            void reloadAll().then(rescue);
            close();
          }} />
      )}
    </section>
  );
}
