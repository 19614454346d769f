//! The state of a project (contract 3.6).

use reqwest::Method;

use super::account::{SessionId, Token};
use super::draft::RawDraft;
use super::wire::{Call, Fields};
use super::{Nemo, NemoError};

/// What a project holds. On a fresh session that is nothing.
#[derive(Clone, Debug)]
pub struct Project {
    /// The timeline as the backend keeps it.
    pub draft: RawDraft,
    /// How many clips were uploaded or generated.
    pub video_infos: usize,
    /// How many pieces were generated.
    pub generated_media: usize,
    /// Width and height of the picture in pixels, if the canvas tells it.
    pub canvas: Option<(u64, u64)>,
    /// The account's id, if the state tells it.
    pub user_id: Option<String>,
    /// The task that the project belongs to, if the state tells it.
    pub task_id: Option<String>,
}

impl Nemo {
    /// Reads the state of a project. Repeats with backoff after network trouble.
    pub async fn project(&self, token: &Token, session: &SessionId) -> Result<Project, NemoError> {
        let reply = self
            .with_backoff(|| {
                let path = ["api", "state", "nemo_agent", "me", session.as_str(), "latest"];
                self.ask(Call::Project, Some(token), self.request(Method::GET, &path))
            })
            .await?;
        Ok(read_project(&reply.data()?))
    }
}

fn read_project(data: &Fields<'_>) -> Project {
    let state = data.object("state");
    let id = |key| data.short(key).or_else(|| state.as_ref().and_then(|state| state.short(key)));
    let count = |key| state.as_ref().map_or(0, |state| state.count(key));
    let canvas = state.as_ref().and_then(|state| state.object("canvas_config"));
    Project {
        draft: state.as_ref().and_then(|state| state.raw("draft")).map_or_else(RawDraft::none, RawDraft::from),
        video_infos: count("video_infos"),
        generated_media: count("generated_media"),
        canvas: canvas.and_then(|canvas| canvas.whole("width").zip(canvas.whole("height"))),
        user_id: id("user_id"),
        task_id: id("task_id"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nemo::wire::Reply;

    fn project(json: &str) -> Project {
        read_project(&Reply(json.to_owned()).data().unwrap())
    }

    #[test]
    fn a_project_is_read_with_its_draft_byte_for_byte() {
        let draft = "{ \"t\" : [ ],\n \"x\": 1.10, \"é\": \"\\u00e9\", \"n\": 12345678901234567890 }";
        let project = project(&format!(
            r#"{{"code":0,"data":{{"session_id":"1","task_id":7,"state":{{"draft":{draft},"video_infos":[1,{{}}],
            "generated_media":{{"a":1}},"canvas_config":{{"width":1080,"height":1920.0}},"user_id":"anon_1"}}}}}}"#
        ));
        assert_eq!(project.draft.as_json(), draft);
        assert_eq!((project.video_infos, project.generated_media), (2, 1));
        assert_eq!(project.canvas, Some((1080, 1920)));
        assert_eq!((project.user_id.as_deref(), project.task_id.as_deref()), (Some("anon_1"), Some("7")));
    }

    #[test]
    fn a_fresh_project_may_lack_everything() {
        for json in [
            r#"{"code":0,"data":{"state":{"draft":null,"video_infos":null,"generated_media":[]}}}"#,
            r#"{"code":0,"data":{"state":null}}"#,
            r#"{"code":0,"data":{}}"#,
            r#"{"code":0}"#,
            r#"{"state":{"draft":{}}}"#,
        ] {
            let project = project(json);
            assert!(project.draft.is_empty(), "{json}");
            assert_eq!((project.video_infos, project.generated_media), (0, 0));
        }
    }
}
