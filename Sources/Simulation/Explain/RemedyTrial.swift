/// Tries remedies on a scene's machine.
struct RemedyTrial {
    let scene: FailureScene
    let cause: Cause

    init(_ scene: FailureScene, cause: Cause) {
        self.scene = scene
        self.cause = cause
    }

    func remedies() -> [Remedy] { [] }
}
