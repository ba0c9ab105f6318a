/** The app's own line icons, 20 by 20; always decoration beside a text or inside a labelled control. */
const PATHS = {
  plus: "M10 4.5v11M4.5 10h11",
  close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13.2 13.2l3.3 3.3",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  check: "M4.5 10.5l3.6 3.6 7.4-8",
  chevron: "M6 8l4 4 4-4",
  left: "M12 5l-5 5 5 5",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.2l2.6 1.6",
  comment: "M4 5.5A1.5 1.5 0 0 1 5.5 4h9A1.5 1.5 0 0 1 16 5.5v6a1.5 1.5 0 0 1-1.5 1.5H9.5L6 16v-3h-.5A1.5 1.5 0 0 1 4 11.5z",
  text: "M4.5 6h11M4.5 10h11M4.5 14h6",
  board: "M4 4.5h3.2v11H4zM8.9 4.5h3.2v7.5H8.9zM13.8 4.5H17v9.5h-3.2z",
  inbox: "M3.5 11l2-6.5h9l2 6.5v4.5h-13zM3.5 11h3.7l1 2h3.6l1-2h3.7",
  people: "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.5 16c.3-2.8 2.3-4.3 5-4.3s4.7 1.5 5 4.300M13 9.300a2.3 2.3 0 1 0-.8-4.500M14.3 11.700c1.9.3 3 1.7 3.2 4",
  mail: "M3.5 5h13v10h-13zM3.5 5.500l6.5 5.5 6.5-5.5",
  settings: "M4 6.500h7M15 6.500h1M4 13.500h1M9 13.500h7M13 8.300a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.600ZM7 15.300a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.600Z",
  link: "M8.5 11.500a3 3 0 0 0 4.3 0l2.4-2.400a3 3 0 0 0-4.3-4.300l-.9.9M11.5 8.500a3 3 0 0 0-4.3 0L4.8 10.900a3 3 0 0 0 4.3 4.300l.9-.9",
  trash: "M4.5 6h11M8 6V4.200h4V6M6 6l.6 9.800h6.800L14 6",
  history: "M4 10a6 6 0 1 0 1.9-4.400L4 7.300M4 4v3.300h3.300M10 7v3.200l2.2 1.3",
  arrow: "M4.5 10h10.500M11 6l4 4-4 4",
  alert: "M10 3.500l7 12.500H3zM10 8.500v3.500M10 14.200v.01",
  show: "M2.5 10c1.800-3.300 4.400-5 7.500-5s5.700 1.700 7.500 5c-1.800 3.300-4.400 5-7.500 5s-5.700-1.700-7.500-5ZM10 12.200a2.2 2.2 0 1 0 0-4.400 2.2 2.2 0 0 0 0 4.400Z",
  hide: "M4 4l12 12M8.2 5.200c.6-.1 1.200-.2 1.800-.2 3.100 0 5.700 1.700 7.500 5-.6 1.100-1.300 2-2.100 2.800M12.800 14.400c-.9.4-1.800.6-2.800.6-3.100 0-5.700-1.700-7.500-5 .8-1.500 1.800-2.600 2.900-3.500M8.500 8.500a2.2 2.2 0 0 0 3 3",
  shield: "M10 3l6 2.200v4.300c0 3.600-2.400 6.200-6 7.500-3.600-1.300-6-3.900-6-7.500V5.200zM7.400 10l1.900 1.900 3.400-3.700",
  key: "M7 16a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM9.200 10.900L15.600 4.500M12.800 7.300l2.200 2.200",
  passkey: "M7.500 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.500 16.500c.3-2.900 2.200-4.500 5-4.500 1 0 1.900.2 2.600.6M14.500 11.500a2.100 2.100 0 1 0 0-4.200 2.100 2.100 0 0 0 0 4.200ZM14.500 11.500v5.500M14.500 14.500h1.800",
  robot: "M5 7.500h10v8H5zM10 7.500V4.500M10 4.500h.01M7.800 11h.01M12.200 11h.01M8.200 13.300h3.600M3 10.500v2.500M17 10.500v2.500",
  data: "M4 5.500c0-1.100 2.700-2 6-2s6 .9 6 2-2.700 2-6 2-6-.9-6-2ZM4 5.500v9c0 1.100 2.700 2 6 2s6-.9 6-2v-9M4 10c0 1.100 2.700 2 6 2s6-.9 6-2",
  enter: "M11 4h4.500v12H11M4 10h7.500M8.500 7l3 3-3 3",
  leave: "M9 4H4.500v12H9M8.500 10h7.500M13 7l3 3-3 3",
  copy: "M7.500 7.500h8v8h-8zM12.500 7.500v-3h-8v8h3",
  download: "M10 4v8.500M6.500 9.300l3.500 3.500 3.500-3.500M4.500 16h11",
  keyboard: "M2.5 5.500h15v9h-15zM5.5 8.500h.01M8.5 8.500h.01M11.5 8.500h.01M14.5 8.500h.01M6.5 11.500h7",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** How far along: an open ring, a half-filled one, a filled one. */
export function StatusMark({ status }: { status: "todo" | "doing" | "done" }) {
  return (
    <svg className="status-mark" data-status={status} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="5.5" />
      {status === "doing" && <path d="M7 3.700a3.3 3.3 0 0 1 0 6.600z" />}
      {status === "done" && <path d="M4.5 7.200l1.8 1.8 3.3-3.7" />}
    </svg>
  );
}

const LEVELS = { none: 0, low: 1, medium: 2, high: 3, urgent: 4 } as const;

/** Priority as rising bars; urgent also changes colour, and the name is always there for readers. */
export function PriorityMark({ priority }: { priority: keyof typeof LEVELS }) {
  const level = LEVELS[priority];
  return (
    <svg className="priority-mark" data-priority={priority} width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
      {[1, 2, 3, 4].map((bar) => (
        <rect key={bar} x={bar * 4 - 4} y={12 - bar * 2.7} width="2.6" height={bar * 2.7 + 0.5} rx="1" data-on={bar <= level || undefined} />
      ))}
    </svg>
  );
}

export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect x="2" y="2" width="28" height="28" rx="9" />
      <circle cx="16" cy="16" r="7" />
      <circle cx="16" cy="16" r="1.9" className="mark-dot" />
    </svg>
  );
}
