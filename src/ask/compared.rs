//! Two questions, answered side by side.

use futures::future::try_join;
use jiff::Timestamp;

use super::{Asked, Request, Why, a_month_before};
use crate::answer::Answer;
use crate::comparison::{self, Comparison, Of};
use crate::error::Failure;
use crate::layout::utc_date;

impl Why {
    /// Both at once. Of two times the later is read back to the earlier, so that all between is
    /// known.
    ///
    /// # Errors
    /// Either can't be answered.
    pub async fn compare(
        &self,
        of: Of,
        (one, other): (&Request, &Request),
        now: Timestamp,
    ) -> Result<Comparison, Failure> {
        let (one, other) = (Asked::begin(one, now), Asked::begin(other, now));
        let (first, second) =
            try_join(self.ask(one.request, now), self.ask(other.request, now)).await?;
        let (first, second) = match of {
            Of::Companies => (first, second),
            Of::Times if first.question.as_of <= second.question.as_of => {
                let second = self.back_to(&first, second, &other).await?;
                (first, second)
            }
            Of::Times => (self.back_to(&second, first, &one).await?, second),
        };
        Ok(comparison::compare(of, first, second))
    }

    async fn back_to(
        &self,
        earlier: &Answer,
        later: Answer,
        asked: &Asked<'_>,
    ) -> Result<Answer, Failure> {
        let since = earlier.question.as_of;
        if comparison::knows_between(&later, since) {
            return Ok(later);
        }
        let further = Request {
            look_back: Some(a_month_before(utc_date(since))),
            call: asked.call(),
            ..asked.request.clone()
        };
        self.ask(&further, asked.now).await
    }
}
