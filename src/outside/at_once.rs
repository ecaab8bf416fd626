//! Many things that wait, a few of them at a time.

use std::pin::Pin;
use std::task::Poll;

/// Does all of it, no more than so many at once.
pub(crate) async fn at_once<F: Future<Output = ()>>(
    most: usize,
    works: impl IntoIterator<Item = F>,
) {
    let mut waiting = works.into_iter();
    let mut running: Vec<Pin<Box<F>>> = waiting.by_ref().take(most).map(Box::pin).collect();
    std::future::poll_fn(|context| {
        let mut at = 0;
        while let Some(work) = running.get_mut(at) {
            if work.as_mut().poll(context).is_pending() {
                at += 1;
                continue;
            }
            match waiting.next() {
                Some(next) => *work = Box::pin(next),
                None => drop(running.swap_remove(at)),
            }
        }
        if running.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::at_once;

    #[test]
    fn all_is_done_and_never_too_much_at_once() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        for (works, most) in [(0, 8), (1, 8), (8, 8), (100, 8), (5, 1)] {
            let (done, now, highest) = (Cell::new(0), Cell::new(0), Cell::new(0));
            runtime.block_on(at_once(
                most,
                (0..works).map(|_| async {
                    now.set(now.get() + 1);
                    highest.set(highest.get().max(now.get()));
                    tokio::task::yield_now().await;
                    now.set(now.get() - 1);
                    done.set(done.get() + 1);
                }),
            ));
            assert_eq!((done.get(), highest.get()), (works, works.min(most)));
        }
    }
}
