//! What is on the demo's board: a small studio on its way to a spring release.

/// Who is in charge.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Charge {
    Nobody,
    Pic,
    Pic2,
}

/// One task.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) column: usize,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) charge: Charge,
    /// Days from today; the deadline is at 18:00 in Seoul.
    pub(crate) due: Option<i64>,
    pub(crate) priority: &'static str,
    pub(crate) labels: &'static [&'static str],
    /// Comments: by the person in charge, or by the supervisor where nobody is.
    pub(crate) comments: &'static [&'static str],
}

/// Name and status of each column.
pub(crate) const COLUMNS: [(&str, &str); 4] = [
    ("할 일 · To do", "todo"),
    ("진행 중 · Doing", "doing"),
    ("검토 · Review", "doing"),
    ("완료 · Done", "done"),
];

/// The board's name.
pub(crate) const BOARD: &str = "봄 출시 · Spring release";

const fn task(column: usize, title: &'static str, charge: Charge, due: Option<i64>) -> Task {
    Task {
        column,
        title,
        description: "",
        charge,
        due,
        priority: "none",
        labels: &[],
        comments: &[],
    }
}

/// The tasks, column by column.
pub(crate) const TASKS: [Task; 12] = [
    Task {
        priority: "high",
        labels: &["결제", "backend"],
        description: "카드 결제가 실패하면 주문은 **24시간** 동안 보류합니다.\n\n- [ ] 재시도 안내 문구\n- [ ] 보류 만료 알림\n- [ ] 환불 경로 확인",
        comments: &["결제사 샌드박스 키를 받았습니다. 내일 오전에 연결해 보겠습니다."],
        ..task(0, "결제 실패 시 주문 보류 처리", Charge::Pic, Some(3))
    },
    Task {
        priority: "medium",
        labels: &["docs"],
        description: "The help centre still shows the old checkout. Replace the six screenshots and check every link.",
        ..task(0, "Update help centre screenshots", Charge::Pic2, Some(9))
    },
    Task {
        labels: &["디자인"],
        ..task(0, "앱 아이콘 최종안 고르기", Charge::Nobody, Some(5))
    },
    Task {
        priority: "low",
        labels: &["backend", "cleanup"],
        ..task(0, "Remove the unused export endpoint", Charge::Nobody, None)
    },
    Task {
        priority: "urgent",
        labels: &["bug", "checkout"],
        description: "Reported twice this week. Steps:\n\n1. Put two items into the basket\n2. Remove one\n3. The total still counts both\n\nOnly on Safari, only signed out.",
        comments: &[
            "Reproduced on Safari 19. The total is cached before the second request ends.",
            "Fix is in review; I want one more pair of eyes on the rounding.",
        ],
        ..task(
            1,
            "Basket total is wrong after removing an item",
            Charge::Pic2,
            Some(1),
        )
    },
    Task {
        priority: "high",
        labels: &["성능"],
        description: "첫 화면이 3초 안에 떠야 합니다. 지금은 저사양 휴대폰에서 5초가 넘습니다.",
        ..task(1, "첫 화면 로딩 시간 줄이기", Charge::Pic, Some(4))
    },
    Task {
        priority: "medium",
        labels: &["고객 지원"],
        ..task(1, "환불 문의 답변 양식 정리", Charge::Pic, Some(2))
    },
    Task {
        priority: "medium",
        labels: &["legal", "copy"],
        description: "Legal has approved the wording; the footer links are missing in English.",
        comments: &["Korean version is live on staging."],
        ..task(2, "New privacy notice, both languages", Charge::Pic2, Some(2))
    },
    Task {
        labels: &["디자인", "접근성"],
        ..task(2, "다크 모드 대비 점검", Charge::Pic, Some(6))
    },
    Task {
        priority: "high",
        labels: &["backend"],
        ..task(
            3,
            "Move order history to the new database",
            Charge::Pic2,
            Some(-2),
        )
    },
    Task {
        labels: &["행사"],
        ..task(3, "출시 행사 장소 예약", Charge::Nobody, Some(-6))
    },
    Task {
        labels: &["docs"],
        comments: &["Sent to everybody on the list."],
        ..task(3, "Invite the beta testers", Charge::Nobody, Some(-9))
    },
];
