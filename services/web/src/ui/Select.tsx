/** One of several, where the options deserve more than text (faces, marks). */
import type { ReactNode } from "react";
import { Button, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue } from "react-aria-components";
import { Icon } from "./Icon";

export interface Option<K extends string> {
  id: K;
  label: string;
  mark?: ReactNode;
  note?: string;
}

interface Props<K extends string> {
  label: string;
  value: K;
  options: readonly Option<K>[];
  onChange: (value: K) => void;
  disabled?: boolean;
  className?: string;
}

export function Select<K extends string>({ label, value, options, onChange, disabled = false, className = "" }: Props<K>) {
  const current = options.find((option) => option.id === value);
  return (
    <AriaSelect aria-label={label} value={value} isDisabled={disabled} className={`select ${className}`}
      onChange={(key) => key !== null && key !== value && onChange(key as K)}>
      <Button className="select-button">
        <SelectValue className="select-value">
          {current?.mark}
          <span className="select-label">{current?.label}</span>
        </SelectValue>
        <Icon name="chevron" size={16} />
      </Button>
      <Popover className="popover">
        <ListBox className="menu">
          {options.map((option) => (
            <ListBoxItem key={option.id} id={option.id} textValue={option.label} className="menu-item">
              {option.mark}
              <span className="menu-text">
                {option.label}
                {option.note && <small>{option.note}</small>}
              </span>
              <span className="menu-check"><Icon name="check" size={16} /></span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
