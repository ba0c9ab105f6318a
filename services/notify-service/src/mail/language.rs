//! The two languages mails are written in, and their fixed words.

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Korean.
    Korean,
    /// English; also for every language there are no words for.
    English,
}

impl Language {
    /// Reads a language code such as `ko`.
    pub fn from_code(code: &str) -> Language {
        if code == "ko" {
            Language::Korean
        } else {
            Language::English
        }
    }

    /// The code, for the `lang` attribute.
    pub fn code(self) -> &'static str {
        self.pick("ko", "en")
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, korean: T, english: T) -> T {
        match self {
            Language::Korean => korean,
            Language::English => english,
        }
    }

    /// The name of a field for people; nothing for a field this version does not know.
    pub fn field(self, name: &str) -> Option<&'static str> {
        let words = match name {
            "title" => ("제목", "Title"),
            "description" => ("설명", "Description"),
            "column" => ("열", "Column"),
            "status" => ("상태", "Status"),
            "pic_id" => ("담당자", "Person in charge"),
            "deadline" => ("마감", "Deadline"),
            "priority" => ("우선순위", "Priority"),
            "labels" => ("라벨", "Labels"),
            _ => return None,
        };
        Some(self.pick(words.0, words.1))
    }

    /// The name of a status or of a priority for people.
    pub fn value(self, field: &str, value: &str) -> Option<&'static str> {
        let words = match (field, value) {
            ("status", "todo") => ("할 일", "To do"),
            ("status", "doing") => ("진행 중", "Doing"),
            ("status", "done") => ("완료", "Done"),
            ("priority", "none") => ("없음", "None"),
            ("priority", "low") => ("낮음", "Low"),
            ("priority", "medium") => ("보통", "Medium"),
            ("priority", "high") => ("높음", "High"),
            ("priority", "urgent") => ("긴급", "Urgent"),
            _ => return None,
        };
        Some(self.pick(words.0, words.1))
    }

    /// Stands where a field holds nothing.
    pub fn nothing(self) -> &'static str {
        self.pick("없음", "none")
    }

    /// Stands for a person whose name is not known.
    pub fn somebody(self) -> &'static str {
        self.pick("알 수 없는 사람", "somebody unknown")
    }
}
