//! The form of a list of scenarios: one line for each, with its name and what it does.

/// Makes an enum of lines such as `Slow "slow" "It takes long."`, with `ALL`, `name`, `about` and `parse`.
macro_rules! scenarios {
    (
        $(#[$outer:meta])* $list:ident
        $($(#[$mark:meta])* $variant:ident $name:literal $about:literal)*
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $list { $(#[doc = $about] $(#[$mark])* $variant,)* }

        impl $list {
            /// All of them, in the order of a menu.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name on a command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One sentence for a menu.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }

            /// The scenario of that name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|scenario| scenario.name() == name)
            }
        }
    };
}

pub(super) use scenarios;
